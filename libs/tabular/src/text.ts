import type { Row, Rows } from './table.js';

const CHUNK = 128 * 1024;

/** Lines as UTF-8, many to a chunk: one long text is encoded much faster than many short ones. */
export async function* encodedLines(
  head: string,
  rows: Rows,
  line: (row: Row, isFirst: boolean) => string,
  tail: string,
): AsyncIterable<Uint8Array> {
  let text = head;
  let isFirst = true;
  for await (const batch of rows) {
    for (const row of batch) {
      text += line(row, isFirst);
      isFirst = false;
      if (text.length >= CHUNK) {
        yield Buffer.from(text);
        text = '';
      }
    }
  }
  text += tail;
  if (text !== '') yield Buffer.from(text);
}
