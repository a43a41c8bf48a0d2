import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CasebookEvent, casebooks } from '#casebook';
import { advance } from '#commands';
import type { RecordedEvent } from '#event-store';
import { compile, type Definition, Lineage, shippedStudies } from '#study';
import type { Row, Value } from '#tabular';
import { differencesOf, type NamedRow, type RowDifference, stepsOfSubject } from './comparison/comparison.js';
import {
  type Audience,
  type Dataset,
  type KeyedRow,
  type SeenDataset,
  type StudyAt,
  type SubjectAt,
  seenBy,
} from './dataset.js';
import { datasetsOf } from './datasets/datasets.js';
import { applied, changesOf, haveSameColumns, studyChanges } from './delta.js';

const first = shippedStudies().find(({ study }) => study.oid === 'SINET')!;
/**
 * With an item more in the laboratory form, one that tells the arms apart from now on, and an SDTM domain that
 * is gone.
 */
const second: Definition = {
  ...first,
  sdtm: first.sdtm!.filter(({ code }) => code !== 'CM'),
  forms: first.forms.map((form) =>
    form.oid !== 'LB'
      ? form
      : {
          ...form,
          groups: form.groups.map((group) => ({
            ...group,
            items: [
              ...group.items.map((item) =>
                item.oid === 'I.LB.HB' ? { ...item, label: 'Haemoglobin', revealsArm: true } : item,
              ),
              {
                oid: 'I.LB.FERRITIN',
                label: 'Ferritin',
                type: 'decimal' as const,
                presence: 'optional' as const,
              },
            ],
          })),
        },
  ),
};
const versions = [compile(first, 1), compile(second, 2)];
const published = [1, 2].map((count): StudyAt => {
  const known = versions.slice(0, count);
  return { oid: 'SINET', versions: known, lineage: new Lineage(known) };
});
const datasets = published.map(datasetsOf);

const subjects = ['FR01-0001', 'FR01-0002', 'DE01-0001'];
const values: Record<string, Record<string, readonly (string | number)[]>> = {
  LB: { 'I.LB.LBDAT': ['2026-01-05', '2026-02-05'], 'I.LB.HB': [9, 13.5], 'I.LB.CGA': [50, 80] },
  SU: { 'I.SU.SUDAT': ['2026-01-20'], 'I.SU.SUTYPE': ['PLANNED_A', 'EMERGENCY'] },
  FU: { 'I.FU.VSTAT': ['ALIVE', 'DEAD'], 'I.FU.CROSS': ['Y', 'N'] },
  DM: { 'I.DM.SEX': ['F', 'M'], 'I.DM.WEIGHT': [60, 80] },
  EN: { 'I.EN.ENDAT': ['2026-01-08', '2026-01-09'] },
  DD: { 'I.DD.DTHDAT': ['2026-04', '2026-05-02'], 'I.DD.DTHCAUSE_S': ['SINET', 'OTHER'] },
  TX: { 'I.TX.TXCAT': ['SSA', 'TACE'], 'I.TX.TXSTDT': ['2026-02'] },
};
const forms = [
  { visit: 'V_SCR', form: 'LB' },
  { visit: 'V_M06', form: 'LB' },
  { visit: 'V_SURG', form: 'SU' },
  { visit: 'V_M06', form: 'FU' },
  { visit: 'V_SCR', form: 'DM' },
  { visit: 'V_INC', form: 'EN' },
  { visit: 'V_EOS', form: 'DD' },
  { visit: 'COMMON', form: 'TX' },
];
const change = (form: string) =>
  fc.constantFrom(...Object.keys(values[form]!)).chain((item) =>
    fc.record({
      item: fc.constant(item),
      from: fc.constant(null),
      to: fc.oneof(
        fc.constantFrom(...values[form]![item]!).map((value) => ({ value })),
        fc.constant({ missing: 'not-done' as const }),
        fc.constant(null),
      ),
    }),
  );
const act: fc.Arbitrary<CasebookEvent | 'publish'> = fc.oneof(
  { weight: 2, arbitrary: fc.constant('publish' as const) },
  {
    weight: 10,
    arbitrary: fc.constantFrom(...forms).chain((address) =>
      fc.array(change(address.form), { minLength: 1, maxLength: 3 }).map(
        (changes): CasebookEvent => ({
          type: 'ItemsEntered',
          data: { ...address, first: false, changes },
        }),
      ),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...forms).chain((address) =>
      fc.constantFrom<CasebookEvent>(
        { type: 'FormCompleted', data: address },
        { type: 'FormReopened', data: address },
        { type: 'ItemsVerified', data: { ...address, items: [{ item: 'I.LB.HB', version: 1 }] } },
        {
          type: 'ItemsCorrected',
          data: {
            ...address,
            changes: [{ item: Object.keys(values[address.form]!)[0]!, from: null, to: null }],
            reason: { code: 'other', text: 'Of another subject.' },
          },
        },
      ),
    ),
  },
  {
    weight: 10,
    arbitrary: fc.constantFrom<CasebookEvent>(
      { type: 'ArmAllocated', data: { arm: 'A', date: '2026-01-10' } },
      { type: 'ArmAllocated', data: { arm: 'B', date: '2026-01-12' } },
      { type: 'SubjectWithdrawn', data: { date: '2026-03-01', reason: { code: 'own-wish', text: 'So.' } } },
      { type: 'SubjectDied', data: { date: '2026-04' } },
      { type: 'DefinitionAdopted', data: { definition: 2 } },
      {
        type: 'ArmCrossedOver',
        data: { from: 'A', to: 'B', date: '2026-02-10', reason: { code: 'other', text: 'So.' } },
      },
      { type: 'DeathRetracted', data: {} },
      { type: 'SubjectReinstated', data: { reason: { code: 'other', text: 'So.' } } },
      {
        type: 'SubjectTransferred',
        data: { from: 'FR01', to: 'FR02', date: '2026-02-11', reason: { code: 'other', text: 'Moved.' } },
      },
      { type: 'IdentityErased', data: { reason: { code: 'own-wish', text: 'So.' } } },
      {
        type: 'QueryRaised',
        data: { query: 'Q', visit: 'V_SURG', form: 'SU', item: 'I.SU.SUDAT', text: '?' },
      },
      { type: 'QueryRaised', data: { query: 'R', visit: 'V_SCR', form: 'LB', text: '?' } },
      {
        type: 'SignatureGiven',
        data: {
          ...{ signature: 'S', name: 'Ada', meaning: 'So it is.', items: ['I.LB.HB'], definition: 1 },
          ...{ hash: 'h', openQueries: 0, forms: [{ visit: 'V_SCR', form: 'LB', revision: 1 }] },
        },
      },
      { type: 'SignatureBroken', data: { signature: 'S', by: 'ada', changed: [] } },
      { type: 'QueryClosed', data: { query: 'R', text: 'Done.' } },
    ),
  },
);
/** For `historyOf`. */
const histories = (size: fc.SizeForArbitrary = 'small') =>
  fc.array(fc.tuple(fc.constantFrom(...subjects), act), { maxLength: 40, size });

interface History {
  readonly events: readonly RecordedEvent[];
  /** Position after which the second version is published. */
  readonly published: number;
}

/** Everyone is enrolled at first; of several publications the first counts. */
function historyOf(acts: readonly (readonly [string, CasebookEvent | 'publish'])[]): History {
  const enrolments = subjects.map((subject) => {
    const data = { site: subject.slice(0, 4), subject, consentDate: '2026-01-01', definition: 1 };
    return [subject, { type: 'SubjectEnrolled', data }] as const;
  });
  const events: RecordedEvent[] = [];
  const revisions = new Map<string, number>();
  let published = Number.POSITIVE_INFINITY;
  for (const [subject, event] of [...enrolments, ...acts] as (readonly [
    string,
    CasebookEvent | 'publish',
  ])[]) {
    if (event === 'publish') {
      published = Math.min(published, events.length - 1);
      continue;
    }
    // Nobody follows a version before it is there.
    if (event.type === 'DefinitionAdopted' && published === Number.POSITIVE_INFINITY) continue;
    const revision = (revisions.get(subject) ?? -1) + 1;
    revisions.set(subject, revision);
    const position = events.length;
    events.push({
      ...event,
      actor: { user: 'ada', role: 'coordinator' },
      log: 'SINET',
      position,
      recordedAt: new Date(1_700_000_000_000 + position).toISOString(),
      revision,
      salt: '',
      schemaVersion: 1,
      stream: `subject/${subject}`,
    });
  }
  return { events, published };
}

const datasetsAt = ({ published }: History, position: number): Dataset[] =>
  datasets[position > published ? 1 : 0]!;

function subjectAt({ events }: History, subject: string, position: number): SubjectAt | undefined {
  const own = events.filter((event) => event.position <= position && event.stream === `subject/${subject}`);
  if (own.length === 0) return undefined;
  const nothing = { state: casebooks.initial, revision: -1, position: -1 };
  return { casebook: advance(nothing, casebooks, own).state, events: own };
}

const plain = (rows: readonly KeyedRow[]): KeyedRow[] => rows.map(({ key, cells }) => ({ key, cells }));

describe('a dataset at one position and its changes to another', () => {
  it.each<Audience>(['blinded', 'unblinded'])('make the dataset at the other, for the %s', (audience) => {
    fc.assert(
      fc.property(histories(), fc.nat(45), fc.nat(45), (acts, a, b) => {
        const history = historyOf(acts);
        const last = history.events.length - 1;
        const [from, to] = [Math.min(a, b, last), Math.min(Math.max(a, b), last)];
        const seenAt = (position: number, name: string) => {
          const dataset = datasetsAt(history, position).find((one) => one.name === name);
          return dataset && seenBy(dataset, audience);
        };
        for (const { name } of [...datasetsAt(history, from), ...datasetsAt(history, to)]) {
          const states = { before: seenAt(from, name), after: seenAt(to, name) };
          const ofStudy = (key: 'before' | 'after') => states[key]?.studyRows ?? [];
          expect(applied(plain(ofStudy('before')), studyChanges(states))).toEqual(plain(ofStudy('after')));
          for (const subject of subjects) {
            const at = { before: subjectAt(history, subject, from), after: subjectAt(history, subject, to) };
            const rows = (key: 'before' | 'after') => plain((at[key] && states[key]?.rows(at[key])) ?? []);
            const changes = changesOf(states, at);
            expect(applied(rows('before'), changes)).toEqual(rows('after'));
            if (from === to) expect(changes).toEqual([]);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('are all rows where the columns are others', () => {
    const history = historyOf([
      [
        'FR01-0001',
        {
          type: 'ItemsEntered',
          data: {
            visit: 'V_SCR',
            form: 'LB',
            first: true,
            changes: [{ item: 'I.LB.CGA', from: null, to: { value: 5 } }],
          },
        },
      ],
      ['FR01-0001', 'publish'],
      ['FR01-0002', { type: 'SubjectDied', data: { date: '2026' } }],
    ]);
    const seen = (position: number) =>
      seenBy(datasetsAt(history, position).find(({ name }) => name === 'LB')!, 'unblinded')!;
    const states = { before: seen(3), after: seen(4) };
    expect(haveSameColumns(states)).toBe(false);
    const changes = changesOf(states, {
      before: subjectAt(history, 'FR01-0001', 3),
      after: subjectAt(history, 'FR01-0001', 4),
    });
    expect(changes).toMatchObject([{ op: 'upsert', key: 'FR01-0001/V_SCR/LB' }]);
  });
});

describe('what the blinded are given', () => {
  it('has neither arm nor surgery, in any dataset', () => {
    const history = historyOf([
      ['FR01-0001', { type: 'ArmAllocated', data: { arm: 'A', date: '2026-01-10' } }],
      [
        'FR01-0001',
        {
          type: 'ItemsEntered',
          data: {
            visit: 'V_SURG',
            form: 'SU',
            first: true,
            changes: [{ item: 'I.SU.SUDAT', from: null, to: { value: '2026-01-20' } }],
          },
        },
      ],
      [
        'FR01-0001',
        {
          type: 'QueryRaised',
          data: { query: 'Q', visit: 'V_SURG', form: 'SU', item: 'I.SU.SUDAT', text: '?' },
        },
      ],
    ]);
    const at = subjectAt(history, 'FR01-0001', 9)!;
    const seen = (audience: Audience) =>
      datasetsAt(history, 9).flatMap((dataset) => seenBy(dataset, audience) ?? []);
    const rowsOf = (audience: Audience) => JSON.stringify(seen(audience).map((one) => one.rows(at)));
    expect(rowsOf('unblinded')).toContain('2026-01-20');
    expect(rowsOf('unblinded')).toContain('2026-01-10');
    expect(rowsOf('blinded')).not.toMatch(/2026-01-[12]0|"A"|V_SURG|"Q"|ArmAllocated/);
    const columns = seen('blinded').flatMap(({ table }) => table.columns.map(({ name }) => name));
    expect(columns).not.toContain('ARM');
  });
});

type Seen = ReadonlyMap<string, SeenDataset>;

/** The datasets of a version of the study, the first being 0. */
function seenOf(version: number, audience: Audience): Seen {
  const seen = datasetsAt({ events: [], published: 0 }, version).flatMap(
    (one) => seenBy(one, audience) ?? [],
  );
  return new Map(seen.map((one) => [one.table.name, one]));
}

/** Rows by key; cells that hold nothing are left out. */
function byKey({ table, rows }: SeenDataset, subject: SubjectAt): Map<string, NamedRow> {
  const named = (cells: Row) => table.columns.map(({ name }, i): [string, Value] => [name, cells[i]!]);
  const held = (cells: Row) => named(cells).filter(([, value]) => value !== null);
  return new Map(rows(subject).map(({ key, cells }) => [key, Object.fromEntries(held(cells))]));
}

/** Each row that the first and the last state do not have alike, and each position at which it became another. */
function comparedRowByRow(
  dataset: string,
  states: readonly (readonly [number, ReadonlyMap<string, NamedRow>])[],
) {
  const [before, after] = [states[0]![1], states.at(-1)![1]];
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((key): object[] => {
    const [old, now] = [before.get(key), after.get(key)];
    const cells = cellsChanged(old ?? {}, now ?? {});
    if (old && now && Object.keys(cells).length === 0) return [];
    const positions = states.slice(1).flatMap(([position, rows], i) => {
      const [earlier, later] = [states[i]![1].get(key), rows.get(key)];
      const isSame =
        !earlier === !later && Object.keys(cellsChanged(earlier ?? {}, later ?? {})).length === 0;
      return isSame ? [] : [position];
    });
    if (old && now) return [{ dataset, key, op: 'changed', cells, positions }];
    return [{ dataset, key, op: old ? 'removed' : 'added', row: old ?? now, positions }];
  });
}

function cellsChanged(old: NamedRow, now: NamedRow) {
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    (name) => old[name] !== now[name],
  );
  return Object.fromEntries(names.map((name) => [name, { old: old[name] ?? null, new: now[name] ?? null }]));
}

const withoutNulls = (one: RowDifference) =>
  one.op === 'changed'
    ? one
    : { ...one, row: Object.fromEntries(Object.entries(one.row).filter(([, value]) => value !== null)) };

describe('the differences of a subject between two snapshots', () => {
  it.each<Audience>(['blinded', 'unblinded'])('are those of the whole datasets, for the %s', (audience) => {
    const versions = [seenOf(0, audience), seenOf(1, audience)];
    fc.assert(
      fc.property(histories('medium'), fc.nat(45), fc.nat(45), (acts, a, b) => {
        const history = historyOf(acts);
        const last = history.events.length - 1;
        const to = b % (last + 1);
        const from = (a % (to + 2)) - 1;
        const seenAt = (position: number) => versions[position > history.published ? 1 : 0]!;
        // No act stands where a definition is published.
        const published = history.published + 0.5;
        const positions = [from, ...(published > from && published < to ? [published] : [])];
        const studies = positions.map((position) => ({ position, datasets: seenAt(position) }));
        for (const subject of subjects) {
          const [before, after] = [subjectAt(history, subject, from), subjectAt(history, subject, to)];
          const steps = stepsOfSubject({ before, after }, studies);
          const news = after?.events.filter(({ position }) => position > from) ?? [];
          const all = [...positions, ...news.map(({ position }) => position)].sort((x, y) => x - y);
          const states = all.map((position) => [position, subjectAt(history, subject, position)] as const);
          for (const name of new Set(versions.flatMap((seen) => [...seen.keys()]))) {
            const rows = states.map(([position, at]) => {
              const dataset = seenAt(position).get(name);
              return [position, dataset && at ? byKey(dataset, at) : new Map<string, NamedRow>()] as const;
            });
            expect(differencesOf(name, steps).map(withoutNulls)).toEqual(comparedRowByRow(name, rows));
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
