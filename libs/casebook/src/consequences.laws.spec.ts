import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileCheckSet } from '#checks';
import { Problem } from '#problem';
import { formKey } from './address.js';
import type { Casebook, CasebookEvent } from './casebook.js';
import { enrolment, folded, instant, KEY, place, reason, seesQueries, TODAY } from './casebook.spec-kit.js';
import { isBuiltIn } from './checks/checks.js';
import { deriveItems } from './checks/derived-items.js';
import { isThere, placeOf, viewOf } from './checks/expression-facts.js';
import { checkedDefinition, checkedStudy, enterChecked } from './consequences.spec-kit.js';
import { unseal } from './identity/seal.js';
import { moveQuery, type QueryStep } from './query/query.js';
import { isOpen } from './query/query-state.js';

const values: Record<string, Record<string, unknown[]>> = {
  DM: {
    'I.WEIGHT': [4, 80, 120],
    'I.SEX': ['F', 'M'],
    'I.DX': ['1960', '2025-11', '2026-02-01'],
    'I.BIRTH': ['1961-01-15', '1990'],
    'I.SEEN': ['2025-11-20', '2026-02-10'],
    'I.CENTRAL': ['no', 'yes'],
  },
  DD: { 'I.DTH': ['2026-01', '2026-02-01'] },
  LB: { 'I.HB': [9, 15, 30] },
  AE: { 'I.AETERM': ['Rash'] },
};
const address = fc.constantFrom(
  ...['V1/DM', 'V1/DM', 'V1/DM', 'FU/LB', 'FU~2/LB', 'V1/DD', 'LOG/AE'].map((key) => key.split('/')),
);

type Decide = (casebook: Casebook) => CasebookEvent[];
interface Step {
  readonly name: string;
  readonly decide: Decide;
}

const entry = address.chain(([visit, form]) =>
  fc
    .record({
      items: fc.record(
        Object.fromEntries(
          Object.entries(values[form!]!).map(([item, list]) => [item, fc.constantFrom(...list, null)]),
        ),
        { requiredKeys: [] },
      ),
      complete: fc.constantFrom(undefined, true, false),
    })
    .map(({ items, complete }): Step => {
      const body = {
        ...{ visit: visit!, form: form!, items, reason },
        ...(complete !== undefined && { complete }),
      };
      return { name: JSON.stringify(body), decide: enterChecked(body, { mayEnter: () => true }) };
    }),
);
const settling = fc
  .tuple(fc.constantFrom<QueryStep>('QueryAnswered', 'QueryClosed', 'QueryCancelled'), fc.nat(6))
  .map(
    ([type, at]): Step => ({
      name: `${type} ${at + 1}`,
      decide: (casebook) =>
        moveQuery(type, { query: `${casebook.subject}-Q${at + 1}`, text: 'So.' }, casebook, seesQueries),
    }),
  );
const courses = fc
  .array(fc.oneof({ weight: 4, arbitrary: entry }, { weight: 1, arbitrary: settling }), {
    minLength: 1,
    maxLength: 25,
  })
  .map((steps) =>
    Object.assign(steps, { [fc.toStringMethod]: () => steps.map(({ name }) => name).join('\n') }),
  );

/** The casebooks that acts lead to, past those that are refused. */
function casebooks(steps: readonly Step[]): Casebook[] {
  const all = [folded([enrolment])];
  for (const { decide } of steps) {
    const before = all.at(-1)!;
    try {
      all.push(folded(decide(before), before));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
  }
  return all;
}

const facts = {
  study: checkedStudy,
  today: TODAY,
  now: instant(500),
  actor: { system: 'spec' },
  open: (...[form, path, sealed]: Parameters<NonNullable<Parameters<typeof viewOf>[1]['open']>>) =>
    unseal(KEY, place(path, form), sealed),
};
const compiled = compileCheckSet(
  { checks: checkedDefinition.checks ?? [], derivations: [] },
  checkedStudy.expressions.environment,
);
const { checks } = 'checkSet' in compiled ? compiled.checkSet : expect.fail('does not compile');

/** Every check at every form, whatever has changed. */
function violationsOf(casebook: Casebook): string[] {
  const view = viewOf(casebook, facts);
  return Object.values(casebook.forms)
    .filter((form) => isThere(form, checkedStudy))
    .flatMap((form) =>
      checks
        .filter((check) => check.form === placeOf(form).form && check.evaluate(view, placeOf(form)) === true)
        .map((check) => `${check.oid} ${formKey(form)}`),
    );
}

const always = (law: (casebooks: Casebook[]) => void) =>
  fc.assert(fc.property(courses, (steps) => law(casebooks(steps))));

describe('only what a change can affect is evaluated, and that is enough:', () => {
  it('every derived item is what it would be, were all computed anew', () => {
    always((all) => {
      const casebook = all.at(-1)!;
      const everything = Object.values(casebook.forms).map((form) => ({
        place: placeOf(form),
        items: [],
        standing: true,
      }));
      expect(deriveItems(casebook, everything, ['today', 'arm', 'status'], facts).events).toEqual([]);
    });
  });

  it('a check has an open query just where the data violate it, unless a person settled it', () => {
    always((all) => {
      const casebook = all.at(-1)!;
      const queries = Object.values(casebook.queries).filter(({ check }) => check && !isBuiltIn(check));
      const open = queries.filter(isOpen).map((query) => `${query.check} ${formKey(query)}`);
      const asked = queries.map((query) => `${query.check} ${formKey(query)}`);
      const violations = violationsOf(casebook);
      expect(new Set(open).size).toBe(open.length);
      expect(violations).toEqual(expect.arrayContaining(open));
      expect(asked).toEqual(expect.arrayContaining(violations));
    });
  });

  it('no hard check comes to be violated', () => {
    always((all) => {
      expect(violationsOf(all.at(-1)!).filter((one) => /^(ORDER|REVIEW) /.test(one))).toEqual([]);
    });
  });
});

it('the random courses come to every check', () => {
  const seen = fc
    .sample(courses, { numRuns: 300, seed: 1 })
    .flatMap((steps) => Object.values(casebooks(steps).at(-1)!.queries))
    .flatMap(({ check }) => (check && !isBuiltIn(check) ? check : []));
  expect([...new Set(seen)].sort()).toEqual(['BORN', 'DEAD', 'HEAVY', 'RATIO', 'SPARSE']);
});
