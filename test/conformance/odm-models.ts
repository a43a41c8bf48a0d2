import fc from 'fast-check';
import type { FileHeader, MetaDataVersion, OdmDocument, OdmVersion, Study } from '#odm';
import {
  dateTime,
  type Fields,
  list,
  name,
  plain,
  positive,
  some,
  text,
  translated,
  uri,
  where,
  yes,
} from './arbitraries.js';
import { adminData } from './odm-admin-models.js';
import {
  aliases,
  codeList,
  definition,
  described,
  expressions,
  item,
  methodType,
} from './odm-item-models.js';

type Versions = readonly OdmVersion[];

/** Any document that the version can carry whole; of both versions, one with what either can carry. */
export function documents(...versions: Versions): fc.Arbitrary<OdmDocument> {
  return some<OdmDocument>({
    file: fileHeader(versions),
    studies: fc.array(study(versions), { maxLength: 2 }).map((studies) => identified('S', studies)),
    adminData: fc.array(adminData(versions), { maxLength: 1 }),
  });
}

/** Gives each definition an OID that no other has. */
function identified<T extends { oid: string }>(prefix: string, definitions: readonly T[]): T[] {
  return definitions.map((definition, index) => ({
    ...definition,
    oid: `${prefix}.${index} ${definition.oid}`,
  }));
}

function fileHeader(versions: Versions): fc.Arbitrary<FileHeader> {
  return some(
    { fileOid: name, fileType: fc.constantFrom('Snapshot', 'Transactional'), creationDateTime: dateTime },
    {
      description: plain(versions),
      granularity: fc.constantFrom('All', 'SingleSubject'),
      priorFileOid: name,
      asOfDateTime: dateTime,
      originator: text,
      sourceSystem: text,
      sourceSystemVersion: text,
      ...where('1.3.2', versions, { archival: yes }),
      ...where('2.0', versions, { context: fc.constantFrom('Archive', 'Submission') }),
    },
  );
}

function study(versions: Versions): fc.Arbitrary<Study> {
  return some(
    {
      ...definition,
      protocolName: name,
      metaDataVersions: fc
        .array(metaDataVersion(versions), { minLength: versions.includes('2.0') ? 1 : 0, maxLength: 2 })
        .map((metaDataVersions) => identified('MDV', metaDataVersions)),
    },
    {
      description: plain(versions, name),
      ...where('1.3.2', versions, {
        measurementUnits: list(some({ oid: name, name: text, symbol: translated }, aliases), 'oid'),
      }),
      ...where('2.0', versions, { versionId: name, versionName: name, status: name }),
    },
  );
}

/** Definitions by the key of their list, and what tells their OIDs from the others'. */
const lists = {
  studyEventGroups: 'SEG',
  studyEvents: 'SE',
  forms: 'F',
  itemGroups: 'IG',
  items: 'I',
  codeLists: 'CL',
  imputationMethods: 'IM',
  presentations: 'P',
  conditions: 'C',
  methods: 'M',
} as const;

function metaDataVersion(versions: Versions): fc.Arbitrary<MetaDataVersion> {
  const up = (of: fc.Arbitrary<unknown>) => fc.array(of, { maxLength: 3 });
  return some<MetaDataVersion>(
    {
      ...definition,
      studyEvents: up(studyEvent(versions)),
      forms: up(form(versions)),
      itemGroups: up(itemGroup(versions)),
      items: up(item(versions)),
      codeLists: up(codeList(versions)),
      conditions: up(some({ ...definition, ...described }, expressions(versions))),
      methods: up(
        some({ ...definition, ...described }, { ...expressions(versions), ...methodType(versions) }),
      ),
    },
    {
      description: plain(versions),
      include: some({ studyOid: name, metaDataVersionOid: name }, where('2.0', versions, { href: uri })),
      protocol: protocol(versions),
      ...where('1.3.2', versions, {
        imputationMethods: list(some({ oid: text, text })),
        presentations: list(some({ oid: text, text }, { lang: fc.constantFrom('en', 'de') })),
      }),
      ...where('2.0', versions, {
        studyEventGroups: list(
          some(definition, {
            ...described,
            studyEventGroupRefs: list(studyEventGroupRef(versions)),
            studyEventRefs: list(ref(versions, { studyEventOid: name })),
          }),
        ),
      }),
    },
  ).map((value) => {
    const numbered = Object.entries(lists).flatMap(([key, prefix]) => {
      const definitions = value[key as keyof typeof lists];
      return definitions ? [[key, identified<{ oid: string }>(prefix, definitions)]] : [];
    });
    return { ...value, ...Object.fromEntries(numbered) };
  });
}

function ref(versions: Versions, always: Fields, sometimes: Fields = {}): fc.Arbitrary<unknown> {
  const orderNumber = versions.includes('1.3.2') ? fc.integer({ min: -3, max: 5 }) : positive;
  return some(
    { ...always, mandatory: fc.boolean() },
    { ...sometimes, orderNumber, collectionExceptionConditionOid: name },
  );
}

function studyEventGroupRef(versions: Versions) {
  return ref(versions, { studyEventGroupOid: name }, described);
}

function protocol(versions: Versions) {
  return some(
    {},
    {
      ...described,
      ...aliases,
      studyEventRefs: list(ref(versions, { studyEventOid: name }), 'studyEventOid', 'orderNumber'),
      ...where('2.0', versions, { studyEventGroupRefs: list(studyEventGroupRef(versions)) }),
    },
  );
}

function studyEvent(versions: Versions) {
  const methodOid = where('2.0', versions, { methodOid: name });
  return some(
    {
      ...definition,
      repeating: fc.boolean(),
      type: fc.constantFrom('Scheduled', 'Unscheduled', 'Common'),
    },
    {
      category: text,
      ...described,
      ...aliases,
      formRefs: list(ref(versions, { formOid: name }, methodOid), 'formOid', 'orderNumber'),
    },
  );
}

function group(versions: Versions): { always: Fields; sometimes: Fields } {
  return {
    always: {
      ...definition,
      repeating: versions.includes('2.0')
        ? fc.constantFrom('No', 'Simple', 'Dynamic', 'Static')
        : fc.constantFrom('No', 'Simple'),
    },
    sometimes: { ...described, ...aliases },
  };
}

function itemGroupRefs(versions: Versions) {
  const methodOid = where('2.0', versions, { methodOid: name });
  return list(ref(versions, { itemGroupOid: name }, methodOid), 'itemGroupOid', 'orderNumber');
}

function groupDetails(versions: Versions): Fields {
  return {
    isReferenceData: fc.boolean(),
    domain: text,
    purpose: text,
    ...where('2.0', versions, {
      repeatingLimit: positive,
      structure: text,
      datasetName: name,
      isNonStandard: yes,
      hasNoData: yes,
    }),
  };
}

function form(versions: Versions) {
  const { always, sometimes } = group(versions);
  return some(always, {
    ...sometimes,
    itemGroupRefs: itemGroupRefs(versions),
    ...where('2.0', versions, { ...groupDetails(versions), itemRefs: itemRefs(versions) }),
    ...where('1.3.2', versions, {
      archiveLayouts: list(some({ oid: name, pdfFileName: uri }, { presentationOid: name }), 'oid'),
    }),
  });
}

function itemGroup(versions: Versions) {
  const { always, sometimes } = group(versions);
  return some(always, {
    ...sometimes,
    ...groupDetails(versions),
    itemRefs: itemRefs(versions),
    ...where('2.0', versions, {
      type: fc.constantFrom('Dataset', 'Concept', 'Of our own'),
      itemGroupRefs: itemGroupRefs(versions),
    }),
    ...where('1.3.2', versions, {
      sasDatasetName: fc.constantFrom('AE', '_x1'),
      origin: text,
      role: name,
      comment: text,
    }),
  });
}

function itemRefs(versions: Versions) {
  const itemRef = ref(
    versions,
    { itemOid: name },
    {
      keySequence: versions.includes('1.3.2') ? fc.integer({ min: 0, max: 9 }) : positive,
      methodOid: name,
      role: text,
      roleCodeListOid: name,
      ...where('1.3.2', versions, { imputationMethodOid: name }),
      ...where('2.0', versions, {
        unitsItemOid: name,
        isNonStandard: yes,
        hasNoData: yes,
        repeat: yes,
        other: yes,
        core: fc.constantFrom('Req', 'HR', 'R/C'),
        preSpecifiedValue: text,
      }),
    },
  );
  return list(itemRef, 'itemOid', 'orderNumber', 'keySequence');
}
