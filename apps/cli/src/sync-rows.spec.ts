import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ForeignChange, linesOf, merged, type RowChange, type StoredRow } from './sync-rows.js';

const columns = [{ name: 'SUBJID', label: 'Subject', type: 'string' as const }];

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

/** A state of a dataset: by subject and key a value. Keys of one subject can begin with those of another. */
const states = fc
  .dictionary(
    fc.constantFrom('A-1', 'A-10', 'A-2'),
    fc.dictionary(fc.constantFrom('', '-Q1', '/X', '/Y/1'), fc.nat(2)),
  )
  .map((subjects) =>
    Object.entries(subjects)
      .flatMap(([subject, rows]) =>
        Object.entries(rows).map(
          ([rest, value]): StoredRow => ({ key: subject + rest, cells: [subject, value] }),
        ),
      )
      .sort(inOrder),
  );

function inOrder(a: StoredRow, b: StoredRow): number {
  return a.cells[0] === b.cells[0] ? (a.key < b.key ? -1 : 1) : a.cells[0]! < b.cells[0]! ? -1 : 1;
}

/** What the server says: what is other, by subject and key. */
function between(before: readonly StoredRow[], after: readonly StoredRow[]): RowChange[] {
  const same = (a: StoredRow, b: StoredRow) => a.key === b.key && a.cells[1] === b.cells[1];
  const upserts = after.filter((row) => !before.some((old) => same(old, row)));
  const deletes = before.filter((old) => !after.some(({ key }) => key === old.key));
  return [...upserts, ...deletes]
    .sort(inOrder)
    .map((row) => (upserts.includes(row) ? { op: 'upsert', ...row } : { op: 'delete', key: row.key }));
}

describe('merging', () => {
  it('makes the later state out of the earlier one, in order', () =>
    fc.assert(
      fc.asyncProperty(states, states, async (before, after) => {
        expect(await all(merged(each(before), each(between(before, after)), columns))).toEqual(after);
      }),
    ));

  it('refuses to delete what is not there', async () => {
    const changes = each<RowChange>([{ op: 'delete', key: 'A-1' }]);
    await expect(all(merged(each<StoredRow>([]), changes, columns))).rejects.toThrow(ForeignChange);
  });
});

describe('lines', () => {
  it('are the same wherever their bytes are cut, and end at newlines only', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' })),
        fc.integer({ min: 1, max: 5 }),
        async (texts, size) => {
          const lines = [...texts, 'a\u2028b'].map((text) => JSON.stringify(text));
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
          const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
            bytes.subarray(i * size, (i + 1) * size),
          );
          expect(await all(linesOf(each(chunks)))).toEqual(lines);
        },
      ),
    ));
});
