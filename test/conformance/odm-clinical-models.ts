import fc from 'fast-check';
import type { ClinicalPart, ItemData, ItemGroupData, OdmVersion, Query, SubjectData } from '#odm';
import { dateTime, type Fields, list, name, plain, positive, some, text, where, yes } from './arbitraries.js';

type Versions = readonly OdmVersion[];

/** Clinical data that the version can carry whole; of both versions, such as either can carry. */
export function clinicalParts(...versions: Versions): fc.Arbitrary<ClinicalPart[]> {
  return fc.array(section(versions), { maxLength: 2 }).map((sections) => withOwnIds(sections.flat()));
}

function section(versions: Versions): fc.Arbitrary<ClinicalPart[]> {
  const begin = some<ClinicalPart>({
    kind: fc.constant('clinicalData'),
    studyOid: name,
    metaDataVersionOid: name,
  });
  const subjects = fc.array(subject(versions), { maxLength: 2 });
  const parts = subjects.map((all) => all.map((one): ClinicalPart => ({ kind: 'subject', subject: one })));
  const records = fc.tuple(
    some<ClinicalPart>({ kind: fc.constant('auditRecord'), auditRecord: auditRecord(versions) }),
    some<ClinicalPart>({ kind: fc.constant('signature'), signature: signature(versions) }),
    some<ClinicalPart>({ kind: fc.constant('annotation'), annotation: annotation(versions) }),
  );
  return fc.tuple(begin, parts, records).map(([first, middle, last]) => [first, ...middle, ...last]);
}

/** IDs are unique in a document; what refers to one refers to one that is there. */
function withOwnIds(parts: readonly ClinicalPart[]): ClinicalPart[] {
  let next = 0;
  const ids: Record<string, string> = {};
  const own = (kind: string) => {
    ids[kind] ??= `ID${next++}`;
    return ids[kind];
  };
  const used = new Set<string>();
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        if (key === 'id') return [key, `ID${next++}`];
        const kind = /^(auditRecord|signature|annotation)Id$/.exec(key)?.[1];
        return [key, kind ? own(kind) : walk(inner)];
      }),
    );
  };
  const walked = parts.map((part) => walk(part) as ClinicalPart);
  return walked.map((part) => {
    const record = (part as unknown as Record<string, object>)[part.kind];
    if (!ids[part.kind] || used.has(part.kind) || part.kind === 'subject') return part;
    used.add(part.kind);
    return { ...part, [part.kind]: { ...record, id: ids[part.kind] } } as ClinicalPart;
  });
}

function auditRecord(versions: Versions) {
  return some(
    { userOid: name, locationOid: name, dateTimeStamp: dateTime },
    {
      editPoint: fc.constantFrom('Monitoring', 'DBAudit'),
      usedMethod: fc.boolean(),
      reasonForChange: text,
      sourceId: text,
      ...where('1.3.2', versions, { id: text }),
    },
  );
}

function signature(versions: Versions) {
  return some(
    { userOid: name, locationOid: name, signatureOid: name, dateTimeStamp: dateTime },
    { id: text, ...where('1.3.2', versions, { cryptoBindingManifest: text }) },
  );
}

function annotation(versions: Versions) {
  const value = versions.includes('2.0') ? name : text;
  const flag = some(
    { value: some({ codeListOid: name, text: value }) },
    { type: some({ codeListOid: name, text: name }) },
  );
  return some(
    { seqNum: versions.includes('1.3.2') ? fc.integer({ min: -2, max: 9 }) : positive },
    {
      id: text,
      transactionType,
      comment: some({ text: plain(versions) }, { sponsorOrSite: fc.constantFrom('Sponsor', 'Site') }),
      flags: list(flag),
    },
  );
}

function query(versions: Versions): fc.Arbitrary<Query> {
  return some(
    {
      oid: name,
      source: fc.constantFrom('Data Management', 'System'),
      state: fc.constantFrom('Open', 'Closed'),
      lastUpdate: dateTime,
      text,
    },
    {
      target: text,
      type: fc.constantFrom('Manual', 'System'),
      name,
      ...where('2.0', versions, { auditRecords: list(auditRecord(versions)) }),
    },
  );
}

const transactionType = fc.constantFrom('Insert', 'Update', 'Remove', 'Upsert', 'Context');

function traced(versions: Versions): Fields {
  return {
    transactionType,
    auditRecord: auditRecord(versions),
    signature: signature(versions),
    annotations: list(annotation(versions)),
    queries: list(query(versions)),
  };
}

function subject(versions: Versions): fc.Arbitrary<SubjectData> {
  const studyEvent = some(
    { studyEventOid: name },
    { repeatKey: name, forms: list(form(versions)), ...traced(versions) },
  );
  return some(
    { subjectKey: name },
    { investigatorOid: name, siteOid: name, studyEvents: list(studyEvent), ...traced(versions) },
  );
}

function form(versions: Versions) {
  return some(
    { formOid: name },
    {
      repeatKey: name,
      itemGroups: list(itemGroup(versions, 1)),
      ...traced(versions),
      ...where('1.3.2', versions, { archiveLayoutOid: name }),
      ...where('2.0', versions, { items: list(untyped(versions)), sequence: positive }),
    },
  );
}

function itemGroup(versions: Versions, depth: number): fc.Arbitrary<ItemGroupData> {
  const items = versions.includes('1.3.2')
    ? fc.oneof(list(untyped(versions)), list(typed))
    : list(untyped(versions));
  const nested = where('2.0', versions, { sequence: positive });
  if (depth > 0 && versions.includes('2.0')) nested.itemGroups = list(itemGroup(versions, depth - 1));
  return some({ itemGroupOid: name }, { repeatKey: name, items, ...traced(versions), ...nested });
}

function untyped(versions: Versions): fc.Arbitrary<ItemData> {
  const values = versions.includes('2.0') ? list(text) : text.map((value) => [value]);
  return some(
    { itemOid: name },
    {
      values,
      isNull: yes,
      ...traced(versions),
      ...where('1.3.2', versions, { measurementUnitOid: name }),
    },
  );
}

/** A value of each type, as the schema of ODM 1.3.2 would have it. */
const typedValues = {
  Any: '.A',
  URI: 'https://example.org/',
  Boolean: 'true',
  String: ' a\nb ',
  Integer: '-12',
  Float: '1.50',
  Double: '1.5E+10',
  Date: '2026-01-31',
  Time: '12:30:00Z',
  Datetime: '2026-01-31T12:30:00',
  HexBinary: '0aFF',
  Base64Binary: 'aGk=',
  HexFloat: '4110',
  Base64Float: 'QRA=',
  PartialDate: '2026-01',
  PartialTime: '12',
  PartialDatetime: '2026-01-31T12',
  DurationDatetime: 'P1Y',
  IntervalDatetime: '2026-01/2026-02',
  IncompleteDatetime: '2026---31T12:-:-',
  IncompleteDate: '2026---31',
  IncompleteTime: '12:-:-',
};

const typed: fc.Arbitrary<ItemData> = fc.constantFrom(...Object.entries(typedValues)).chain(([kind, value]) =>
  some<ItemData>(
    { itemOid: name, typed: fc.constant(kind), values: fc.constant([value]) },
    {
      transactionType,
      measurementUnitOid: name,
      auditRecordId: text,
      signatureId: text,
      annotationId: text,
    },
  ),
);
