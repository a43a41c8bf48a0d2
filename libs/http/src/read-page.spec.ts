import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cursors, cursorScope } from './cursor.js';
import { readPage } from './read-page.js';

const cursors = new Cursors(new Uint8Array(32).fill(7));
const scope = cursorScope('anna', 'numbers');

/** The even numbers below `size`, as a table would be read. */
const reading = (size: number) => async (after: readonly [number] | undefined, limit: number) =>
  Array.from({ length: size }, (_, i) => i * 2)
    .filter((number) => number > (after?.[0] ?? -1))
    .slice(0, limit);
const placeOf = (number: number) => [number] as const;

describe('reading page by page', () => {
  it('gives every item once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 60 }), fc.integer({ min: 1, max: 20 }), async (size, limit) => {
        const seen: number[] = [];
        let cursor: string | undefined;
        do {
          const { items, nextCursor } = await readPage(
            cursors,
            { scope, cursor, limit },
            reading(size),
            placeOf,
          );
          expect(items.length).toBeLessThanOrEqual(limit);
          seen.push(...items);
          cursor = nextCursor ?? undefined;
        } while (cursor !== undefined);
        expect(seen).toEqual(Array.from({ length: size }, (_, i) => i * 2));
      }),
    );
  });

  it('refuses the cursor of another list', async () => {
    const cursor = cursors.encode([4], cursorScope('berta', 'numbers'));
    await expect(readPage(cursors, { scope, cursor, limit: 5 }, reading(9), placeOf)).rejects.toMatchObject({
      code: 'invalid-request',
    });
  });
});
