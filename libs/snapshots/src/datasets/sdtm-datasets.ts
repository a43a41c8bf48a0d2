import { armsTold } from '#casebook';
import {
  type CompiledStudy,
  type SdtmDomain,
  type SdtmRecord,
  type SdtmVariable,
  sdtmKeyNames,
  sdtmSources,
} from '#study';
import type { Value } from '#tabular';
import type { Dataset, DatasetColumn, DatasetRow, StudyAt } from '../dataset.js';
import { formsOf } from './form-datasets.js';
import { usubjid } from './outcomes-dataset.js';
import { placedRecords, placeKey, sequenceNumbers } from './sdtm-records.js';
import { heldIn, isMet, sdtmValue } from './sdtm-value.js';

/** The domains that the newest version of the definition makes of the data: `SDTM_AE`, beside the form `AE`. */
export function sdtmDatasets(study: StudyAt): Dataset[] {
  return (study.lineage.followed.definition.sdtm ?? []).map((domain) => sdtmDataset(domain, study));
}

function sdtmDataset(domain: SdtmDomain, study: StudyAt): Dataset {
  const { code, label, variables } = domain;
  const told = armsTold(study);
  const reading = study.lineage.readAs();
  const telling = new Set(domain.records.filter((record) => recordTellsArms(record, reading)));
  const tells = (record: SdtmRecord, visit: string | undefined) =>
    telling.has(record) || (visit !== undefined && told.byVisit(visit));
  const forms = formsRead(domain, study);
  return {
    name: `SDTM_${code}`,
    label,
    columns: columnsOf(domain, reading),
    basis: ({ casebook }) => {
      const read = forms.flatMap((oid) => formsOf(casebook, oid));
      return [casebook.site, casebook.arm, casebook.crossovers, ...read.map(({ items }) => items)];
    },
    *rows({ casebook, events }) {
      const numbers = sequenceNumbers(domain, events, tells);
      for (const placed of placedRecords(domain, casebook)) {
        const { record, place } = placed;
        if (place && heldIn(place.own, study).length === 0) continue;
        if (!isMet(placed, casebook, study)) continue;
        const values = variables.map(({ name, type, value }) =>
          cellOfType(type, sdtmValue(record.values?.[name] ?? value, place, casebook, study)),
        );
        const ids = [study.oid, code, usubjid(study.oid, casebook.subject)];
        const key = place && placeKey(place);
        yield {
          key: key === undefined ? casebook.subject : `${casebook.subject}/${key}`,
          cells: [...ids, ...(key === undefined ? [] : [numbers.get(key)!]), ...values],
          ...(tells(record, place?.form.visit) && { tellsArms: true }),
        } satisfies DatasetRow;
      }
    },
  };
}

/** The forms that have, in any version, an item that the domain names. */
function formsRead({ variables, records }: SdtmDomain, { versions }: StudyAt): string[] {
  const sources = [
    ...variables.map(({ value }) => value),
    ...records.flatMap(({ values = {} }) => Object.values(values)),
  ];
  const items = [
    ...sources.flatMap(sdtmSources).flatMap(({ item }) => item ?? []),
    ...records.flatMap(({ of, where = {} }) => [...(of === undefined ? [] : [of]), ...Object.keys(where)]),
  ];
  return [
    ...new Set(items.flatMap((item) => versions.flatMap((version) => version.item(item)?.formOid ?? []))),
  ];
}

function columnsOf(domain: SdtmDomain, reading: CompiledStudy): DatasetColumn[] {
  const [study, code, subject, sequence] = sdtmKeyNames(domain);
  const isNumbered = domain.records.some(({ of }) => of !== undefined);
  return [
    { name: study, label: 'Study Identifier', type: 'string' },
    { name: code, label: 'Domain Abbreviation', type: 'string' },
    { name: subject, label: 'Unique Subject Identifier', type: 'string' },
    ...(isNumbered ? [{ name: sequence, label: 'Sequence Number', type: 'integer' as const }] : []),
    ...domain.variables.map((variable) => ({
      name: variable.name,
      label: variable.label,
      type: variable.type,
      ...(variableTellsArms(variable, domain, reading) && { tellsArms: true }),
    })),
  ];
}

/** That a record is there tells the arms apart where an item does on which that depends. */
function recordTellsArms({ of, where = {} }: SdtmRecord, reading: CompiledStudy): boolean {
  return [of ?? [], Object.keys(where)].flat().some((item) => reading.item(item)?.revealsArm);
}

/** In a record that the blinded are given at all. */
function variableTellsArms(
  { name, value }: SdtmVariable,
  { records }: SdtmDomain,
  reading: CompiledStudy,
): boolean {
  return records
    .filter((record) => !recordTellsArms(record, reading))
    .some((record) =>
      sdtmSources(record.values?.[name] ?? value).some(
        ({ key, item }) => (key !== undefined && armKeys.has(key)) || reading.item(item ?? '')?.revealsArm,
      ),
    );
}

const armKeys: ReadonlySet<string> = new Set(['arm', 'armLabel', 'actualArm', 'actualArmLabel']);

function cellOfType(type: SdtmVariable['type'], value: Value): Value {
  if (value === null) return null;
  if (type === 'string') return String(value);
  return typeof value === 'number' ? value : null;
}
