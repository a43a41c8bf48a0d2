import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dependentsOf } from './affected.js';
import { casebookView } from './casebook-view.js';
import { casebook } from './checks.spec-kit.js';
import { shortName } from './environment.js';
import type { CasebookFacts, FormFacts, Held } from './facts.js';
import { checks, derivations, environment, form, sinet } from './sinet.spec-kit.js';

const ADDRESSES = [
  'DM',
  'IC',
  'EL',
  'DX',
  'EN',
  'IM',
  'V_M06/IM',
  'V_SCR/IM~2',
  'LB',
  'V_M06/LB',
  'CS',
  'V_M06/CS',
  'SU',
  'PO',
  'FU',
  'V_M12/FU',
  'V_UNS/FU',
  'TX',
  'COMMON/TX~2',
  'AE',
  'QL',
  'DD',
  'COMMON/DD',
  'ES',
  'PT',
];
const DATES = ['1960', '2024-12', '2025-01-10', '2025-02-10', '2025-02', '2025-07-10', '2025-08-01', '2026'];

/** A value of an item, a reason for having none, or nothing at all. */
function held(oid: string): fc.Arbitrary<Held | undefined> {
  const item = environment.items.get(oid) ?? expect.fail(oid);
  const codes =
    sinet.codeLists.find((list) => list.oid === item.codeList)?.codes.map(({ code }) => code) ?? [];
  const value: Record<typeof item.type, () => fc.Arbitrary<Held>> = {
    text: () => fc.constant('text'),
    integer: () => fc.integer({ min: 0, max: 5 }),
    decimal: () => fc.constantFrom(0, 1.5, 20, 25, 70, 100),
    date: () => fc.constantFrom(...DATES.filter((date) => date.length === 10)),
    partialDate: () => fc.constantFrom(...DATES),
    code: () => fc.constantFrom(...codes.slice(0, 8)),
    codes: () => fc.subarray(codes, { minLength: 1 }),
  };
  return fc.oneof(
    { weight: 6, arbitrary: value[item.type]() },
    { weight: 1, arbitrary: fc.constant({ missing: 'unknown' } as const) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

/** Of items that checks read: the others are as good as blank. */
const READ = new Set([...checks, ...derivations].flatMap(({ reads }) => [...reads.own, ...reads.elsewhere]));

const anyForm = (address: string): fc.Arbitrary<FormFacts> => {
  const place = form(address);
  const oids = [...environment.items.values()].filter(
    (item) => item.form === place.form && READ.has(item.oid),
  );
  const record = (inRows: boolean) =>
    fc
      .tuple(
        ...oids
          .filter((item) => item.inRows === inRows)
          .map(({ oid, name }) => held(oid).map((h) => [name, h] as const)),
      )
      .map((pairs) => Object.fromEntries(pairs.filter(([, h]) => h !== undefined)) as Record<string, Held>);
  const group = { IM: 'TL', PO: 'COMP' }[place.form];
  return fc
    .record({ items: record(false), rows: fc.array(record(true), { maxLength: 2 }), complete: fc.boolean() })
    .map(({ items, rows, complete }) => ({
      ...place,
      items,
      complete,
      rows: group ? { [group]: rows } : {},
    }));
};

const anyCasebook: fc.Arbitrary<CasebookFacts> = fc
  .tuple(...ADDRESSES.map((address) => fc.option(anyForm(address), { freq: 5, nil: undefined })))
  .map((forms) =>
    casebook(
      forms.filter((one) => one !== undefined),
      { arm: 'A' },
    ),
  );

const dependents = dependentsOf([...checks, ...derivations]);

function answers(facts: CasebookFacts): Map<string, unknown> {
  const view = casebookView(facts, environment);
  return new Map(
    [...checks, ...derivations].flatMap((one, i) =>
      view.all(one.form).map(({ facts: place }) => [label(i, place), one.evaluate(view, place)] as const),
    ),
  );
}

const label = (i: number, { visit, visitRepeat, form: oid, formRepeat }: FormFacts) =>
  `${i} ${visit}~${visitRepeat}/${oid}~${formRepeat}`;

/** Checks that the answers that differ are of what is said to be affected; gives how many differ. */
function expectOnlyAffected(
  before: CasebookFacts,
  after: CasebookFacts,
  place: FormFacts,
  items: string[],
  standing: boolean,
) {
  const affected = dependents.affectedBy([{ place, items, standing }], [], casebookView(after, environment));
  const all = [...checks, ...derivations];
  const labels = new Set(
    affected.map((one) => label(all.indexOf(one.dependent as never), one.place as FormFacts)),
  );
  const were = answers(before);
  for (const [key, answer] of answers(after)) {
    if (labels.has(key)) continue;
    expect([key, answer]).toEqual([key, were.get(key)]);
  }
}

describe('what is not affected by a change', () => {
  it('has the same answer after an item is changed', () => {
    const change = anyCasebook
      .filter(({ forms }) => forms.length > 0)
      .chain((facts) =>
        fc.constantFrom(...facts.forms).chain((place) => {
          const items = [...environment.items.values()].filter(
            (item) => item.form === place.form && !item.inRows,
          );
          return fc
            .constantFrom(...items)
            .chain(({ oid }) => held(oid).map((to) => ({ facts, place, oid, to })));
        }),
      );
    fc.assert(
      fc.property(change, ({ facts, place, oid, to }) => {
        const { [shortName(oid)]: _, ...others } = place.items;
        const items = to === undefined ? others : { ...others, [shortName(oid)]: to };
        const forms = facts.forms.map((one) => (one === place ? { ...one, items } : one));
        expectOnlyAffected(facts, { ...facts, forms }, place, [oid], false);
      }),
      { numRuns: 150 },
    );
  });

  it('has the same answer after a form is gone', () => {
    fc.assert(
      fc.property(
        anyCasebook.filter(({ forms }) => forms.length > 0),
        fc.nat(),
        (facts, n) => {
          const place = facts.forms[n % facts.forms.length]!;
          const forms = facts.forms.filter((one) => one !== place);
          const gone = [...environment.items.values()].filter((item) => item.form === place.form);
          const held = gone.filter(({ name, inRows }) => inRows || name in place.items).map(({ oid }) => oid);
          expectOnlyAffected(facts, { ...facts, forms }, place, held, true);
        },
      ),
      { numRuns: 80 },
    );
  });
});
