import type { Cursors, Keyset } from './cursor.js';
import { type Page, page } from './page.js';

/** Which page of which list a request asks for. */
export interface AskedPage {
  /** Whose list it is and which; see `cursorScope`. */
  readonly scope: string;
  /** Absent for the first page. */
  readonly cursor: string | undefined;
  readonly limit: number;
}

/**
 * Reads a page of a sorted list.
 *
 * @param read at most `limit` items after a place, in the list’s order: one more than the page has, to know
 *   whether the list goes on
 * @param placeOf where an item stands in that order
 * @throws Problem `invalid-request` for a cursor of another list
 */
export async function readPage<T, Place extends Keyset>(
  cursors: Cursors,
  { scope, cursor, limit }: AskedPage,
  read: (after: Place | undefined, limit: number) => Promise<readonly T[]>,
  placeOf: (item: T) => Place,
): Promise<Page<T>> {
  // A genuine cursor of this scope was made by `placeOf`.
  const after = cursor === undefined ? undefined : (cursors.decode(cursor, scope) as unknown as Place);
  const found = await read(after, limit + 1);
  return page(found, limit, (last) => cursors.encode(placeOf(last), scope));
}
