/** The small study of the other specs with checks and derivations, and what is entered into it. */
import { compile, type Definition, type ItemDefinition } from '#study';
import type { Casebook, CasebookEvent } from './casebook.js';
import { definition, enter } from './casebook.spec-kit.js';
import type { EnterFormFacts } from './form/enter-form.js';
import type { EnterForm } from './form/entry.js';

function extended(): Definition {
  const copy = structuredClone(definition);
  const add = (form: string, item: ItemDefinition) =>
    copy.forms.find(({ oid }) => oid === form)!.groups[0]!.items.push(item);
  const derived = { presence: 'optional', derived: true } as const;
  add('DM', { oid: 'I.AGE', label: 'Age', type: 'integer', ...derived });
  add('LB', { oid: 'I.RATIO', label: 'Ratio', type: 'decimal', range: { soft: { max: 10 } }, ...derived });
  return {
    ...copy,
    derivations: [
      { item: 'I.RATIO', expression: "HB / forms('DM').BMI" },
      { item: 'I.BMI', expression: 'WEIGHT / 4.0' },
      { item: 'I.AGE', expression: 'yearsBetween(BIRTH, consentDate)' },
    ],
    checks: [
      {
        oid: 'HEAVY',
        forms: ['DM'],
        level: 'soft',
        when: "WEIGHT > 100.0 && SEX == 'F'",
        text: '{WEIGHT} kg, sex {SEX}?',
        items: ['I.WEIGHT', 'I.SEX'],
      },
      {
        oid: 'SPARSE',
        forms: ['LB'],
        level: 'soft',
        when: "HB < 10.0 && forms('DM').SEX == 'M'",
        text: 'Haemoglobin {HB} of a man?',
        items: ['I.HB'],
      },
      {
        oid: 'ORDER',
        forms: ['DM'],
        level: 'hard',
        when: 'before(SEEN, DX)',
        text: 'Seen on {SEEN}, before the diagnosis of {DX}.',
        items: ['I.SEEN', 'I.DX'],
      },
      {
        oid: 'BORN',
        forms: ['DM'],
        level: 'soft',
        when: 'before(DX, BIRTH)',
        text: 'Diagnosed in {DX}, before birth?',
        items: ['I.DX'],
      },
      {
        oid: 'RATIO',
        forms: ['LB'],
        level: 'soft',
        when: 'RATIO > 1.0',
        text: 'Ratio {RATIO}?',
        items: ['I.HB'],
      },
      {
        oid: 'DEAD',
        forms: ['DM'],
        level: 'soft',
        when: "status == 'dead' && size(all('AE')) == 0",
        text: 'No event led to death?',
        items: ['I.SEX'],
      },
      {
        oid: 'LATE',
        forms: ['DM'],
        level: 'soft',
        when: "arm == 'A' && !has(SEEN) && after(today, addDays(DX, 30))",
        text: 'Not seen for a month?',
        items: ['I.STAY'],
      },
      {
        oid: 'REVIEW',
        forms: ['DM'],
        level: 'hard',
        when: "CENTRAL == 'no' && SEX == 'M'",
        text: 'The review says {SEX} is not so.',
        items: ['I.CENTRAL'],
      },
    ],
  };
}

export const checkedDefinition = extended();
export const checkedStudy = compile(checkedDefinition, 1);

/** An entry into the study that has checks. */
export function enterChecked(body: Partial<Omit<EnterForm, 'subject'>>, own: Partial<EnterFormFacts> = {}) {
  return enter(body, { study: checkedStudy, ...own });
}

/** `type` and what tells an event from others of its type. */
export function told(events: readonly CasebookEvent[] | { refused: string }): string[] {
  if ('refused' in events) return [`refused ${events.refused}`];
  return events.map((event) => {
    switch (event.type) {
      case 'QueryRaised':
        return `raised ${event.data.check} ${event.data.visit}/${event.data.form}`;
      case 'QueryClosed':
        return `closed ${event.data.query.slice(-2)}`;
      case 'ItemsDerived':
        return `derived ${event.data.form} ${event.data.changes
          .map(({ item, to }) => `${item}=${to && 'value' in to ? to.value : null}`)
          .join()}`;
      default:
        return event.type;
    }
  });
}

export const queriesOf = (casebook: Casebook) =>
  Object.values(casebook.queries).map(({ query, check, status }) => `${query.slice(-2)} ${check} ${status}`);
