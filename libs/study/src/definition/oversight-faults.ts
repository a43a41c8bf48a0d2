import { type Fault, pointerTo } from '#problem';
import type { Definition, ItemDefinition } from './definition.js';
import { type AdjudicationDefinition, adjudicatedItems, type VerificationDefinition } from './oversight.js';
import { hasSource } from './verification-plan.js';

interface Standing extends ItemDefinition {
  readonly form: string;
  readonly rows: boolean;
}
type Items = ReadonlyMap<string, Standing>;

/** What is wrong with the plans of verification and adjudication of a definition of the right shape. */
export function oversightFaults(definition: Definition): Fault[] {
  const { forms, verification, adjudication } = definition;
  const items: Items = new Map(
    forms.flatMap(({ oid: form, groups }) =>
      groups.flatMap((group) =>
        group.items.map((item) => [item.oid, { ...item, form, rows: group.repeating }] as const),
      ),
    ),
  );
  return [
    ...(verification ? verificationFaults(verification, items) : []),
    ...(adjudication ? adjudicationFaults(adjudication, definition, items) : []),
  ];
}

function verificationFaults({ plan, critical = [], share, seed }: VerificationDefinition, items: Items) {
  const faults = critical.flatMap((oid, i): Fault[] => {
    const pointer = pointerTo('/verification/critical', i);
    const item = items.get(oid);
    if (!item) return [dangling(pointer, oid)];
    return hasSource(item) ? [] : [notApplicable(pointer, `${oid} is computed or hidden: it has no source`)];
  });
  if (plan === 'sample' && share === undefined)
    faults.push({ pointer: '/verification/share', code: 'missing', message: 'A sample has a share' });
  for (const [name, value] of Object.entries({ share, seed })) {
    if (plan !== 'sample' && value !== undefined)
      faults.push(notApplicable(`/verification/${name}`, `Only a sample has a ${name}`));
  }
  return faults;
}

/** The sites that enter data must not learn of the committee's work, nor enter it. */
const sites = ['investigator', 'coordinator'];

function adjudicationFaults(adjudication: AdjudicationDefinition, { milestones }: Definition, items: Items) {
  const { opinions, final, date, masked } = adjudication;
  const death = items.get(milestones.death ?? '');
  if (!death) return [notApplicable('/adjudication/of', 'The study has no milestone of death')];
  const causes = [
    ...opinions.map((oid, i) => [oid, `/adjudication/opinions/${i}`]),
    [final, '/adjudication/final'],
  ];
  const codeList = items.get(final)?.codeList;
  const faults = [...causes, [date, '/adjudication/date']].flatMap(([oid, pointer]): Fault[] => {
    const item = items.get(oid!);
    if (!item) return [dangling(pointer!, oid!)];
    const type = oid === date ? 'date' : 'code';
    return [
      ...(item.type === type
        ? []
        : [{ pointer: pointer!, code: 'wrong-item-type', message: `${oid} is not of type ${type}` }]),
      ...(type === 'code' && item.codeList !== codeList
        ? [notApplicable(pointer!, `${oid} does not have the codes of ${final}`)]
        : []),
      ...(item.form === death.form && !item.rows
        ? []
        : [notApplicable(pointer!, `${oid} does not stand on the form of the death`)]),
      ...(sites.every((role) => item.hiddenFrom?.includes(role))
        ? []
        : [notApplicable(pointer!, `${oid} is not hidden from ${sites.join(' and ')}`)]),
      ...(item.derived || item.identifying
        ? [notApplicable(pointer!, `${oid} is derived or identifying`)]
        : []),
    ];
  });
  const named = adjudicatedItems(adjudication);
  if (new Set(named).size < named.length)
    faults.push({ pointer: '/adjudication', code: 'duplicate', message: 'An item is named twice' });
  return [
    ...faults,
    ...masked.flatMap((oid, i) => (items.has(oid) ? [] : [dangling(`/adjudication/masked/${i}`, oid)])),
  ];
}

const dangling = (pointer: string, oid: string): Fault => ({
  pointer,
  code: 'dangling',
  message: `There is no item ${oid}`,
});

const notApplicable = (pointer: string, message: string): Fault => ({
  pointer,
  code: 'not-applicable',
  message,
});
