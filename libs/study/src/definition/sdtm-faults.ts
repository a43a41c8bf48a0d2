import { type Fault, pointerTo } from '#problem';
import type { Definition, ItemDefinition } from './definition.js';
import {
  type SdtmDomain,
  type SdtmRecord,
  type SdtmSource,
  sdtmKeyNames,
  sdtmSources,
} from './sdtm-mapping.js';

interface Standing extends ItemDefinition {
  readonly form: string;
  /** Of a group that is entered in rows. */
  readonly rows: string | undefined;
  readonly known: ReadonlySet<string>;
}
type Items = ReadonlyMap<string, Standing>;

/** What is wrong with the SDTM domains of a definition of the right shape. */
export function sdtmFaults({ sdtm = [], forms, codeLists }: Definition): Fault[] {
  const codes = new Map(codeLists.map((list) => [list.oid, new Set(list.codes.map(({ code }) => code))]));
  const items: Items = new Map(
    forms.flatMap(({ oid: form, groups }) =>
      groups.flatMap((group) =>
        group.items.map((item): [string, Standing] => {
          const rows = group.repeating ? group.oid : undefined;
          const known = codes.get(item.codeList ?? '') ?? new Set();
          return [item.oid, { ...item, form, rows, known }];
        }),
      ),
    ),
  );
  const domains = sdtm.map(({ code }, i) => ({ name: code, pointer: `/sdtm/${i}/code` }));
  const faults = [
    ...twice(domains),
    ...sdtm.flatMap((domain, i) => domainFaults(domain, `/sdtm/${i}`, items)),
  ];
  // A variable's usual value is looked at with every record.
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()];
}

function domainFaults(domain: SdtmDomain, at: string, items: Items): Fault[] {
  const { variables, records } = domain;
  const reserved = sdtmKeyNames(domain).map((name) => ({ name: name as string, pointer: '' }));
  const names = variables.map(({ name }, i) => ({ name, pointer: `${at}/variables/${i}/name` }));
  const owns = records.flatMap(({ of }, i) =>
    of === undefined ? [] : [{ name: of, pointer: `${at}/records/${i}/of` }],
  );
  const alone = records.length > 1 && owns.length < records.length;
  return [
    ...twice([...reserved, ...names]),
    ...twice(owns),
    ...(alone ? [notApplicable(`${at}/records`, 'One record a subject is the only one of its domain')] : []),
    ...records.flatMap((record, i) => recordFaults(record, domain, at, i, items)),
  ];
}

function recordFaults(record: SdtmRecord, domain: SdtmDomain, at: string, i: number, items: Items): Fault[] {
  const { of, where = {}, values = {} } = record;
  const place = `${at}/records/${i}`;
  const known = new Set(domain.variables.map(({ name }) => name));
  const check = (source: SdtmSource, pointer: string) => sourceFaults(source, pointer, of, items);
  return [
    ...(of === undefined ? [] : check({ item: of }, `${place}/of`)),
    ...Object.entries(where).flatMap(([item, codes]) => {
      const pointer = pointerTo(`${place}/where`, item);
      return [...check({ item }, pointer), ...codeFaults(codes, items.get(item), pointer)];
    }),
    ...Object.keys(values)
      .filter((name) => !known.has(name))
      .map((name) => dangling(pointerTo(`${place}/values`, name), 'variable', name)),
    ...domain.variables.flatMap(({ name, value }, nth) => {
      const pointer = name in values ? pointerTo(`${place}/values`, name) : `${at}/variables/${nth}/value`;
      return sdtmSources(values[name] ?? value).flatMap((source) => check(source, pointer));
    }),
  ];
}

/** @param of the record's own item; none of one record a subject */
function sourceFaults(source: SdtmSource, pointer: string, of: string | undefined, items: Items): Fault[] {
  const { key, as, codes, has } = source;
  if (key !== undefined) {
    if (Object.keys(source).length > 1) return [notApplicable(pointer, 'A key stands alone')];
    return key === 'visit' && of === undefined
      ? [notApplicable(pointer, 'One record a subject has no visit')]
      : [];
  }
  const oid = source.item ?? of;
  if (oid === undefined) return [notApplicable(pointer, 'One record a subject has no item of its own')];
  const item = items.get(oid);
  if (!item) return [dangling(pointer, 'item', oid)];
  const own = of === undefined ? undefined : items.get(of);
  const stands = own ? item.form === own.form && (!item.rows || item.rows === own.rows) : !item.rows;
  return [
    ...(item.identifying ? [notApplicable(pointer, `${oid} identifies the subject and cannot be read`)] : []),
    ...(stands || (of !== undefined && !own)
      ? []
      : [notApplicable(pointer, `${oid} does not stand with ${of ?? 'the subject'}`)]),
    ...(as === 'label' ? codeFaults([], item, pointer) : []),
    ...(codes && as !== 'unit' ? codeFaults(Object.keys(codes), item, pointer) : []),
    ...(has === undefined ? [] : codeFaults([has], item, pointer)),
  ];
}

function codeFaults(codes: readonly string[], item: Standing | undefined, pointer: string): Fault[] {
  if (!item) return [];
  if (item.type !== 'code' && item.type !== 'codes')
    return [{ pointer, code: 'wrong-item-type', message: `${item.oid} is not of type code or codes` }];
  return codes
    .filter((code) => !item.known.has(code))
    .map((code) => dangling(pointer, `code of ${item.oid}`, code));
}

function twice(named: readonly { name: string; pointer: string }[]): Fault[] {
  const seen = new Set<string>();
  return named.flatMap(({ name, pointer }) => {
    if (seen.has(name)) return [{ pointer, code: 'duplicate', message: `${name} is given twice` }];
    seen.add(name);
    return [];
  });
}

const dangling = (pointer: string, what: string, name: string): Fault => ({
  pointer,
  code: 'dangling',
  message: `There is no ${what} ${name}`,
});

const notApplicable = (pointer: string, message: string): Fault => ({
  pointer,
  code: 'not-applicable',
  message,
});
