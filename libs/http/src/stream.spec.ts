import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { Row } from './csv.js';
import { rowStream } from './stream.js';

/** A source of rows that tells how many were taken and whether it was ended. */
function source(size: number) {
  const state = { taken: 0, ended: false };
  async function* rows(): AsyncGenerator<Row> {
    try {
      for (let n = 0; n < size; n++) {
        state.taken++;
        yield { n, text: 'x'.repeat(1_000) };
      }
    } finally {
      state.ended = true;
    }
  }
  return { state, rows: rows() };
}

async function* fewRows(): AsyncGenerator<Row> {
  yield { name: 'é', n: 1 };
  yield { n: -2, name: '=1' };
}

describe('rowStream', () => {
  it('writes NDJSON', async () => {
    expect(await text(rowStream('application/x-ndjson', [], fewRows()))).toBe(
      '{"name":"é","n":1}\n{"n":-2,"name":"=1"}\n',
    );
  });

  it('writes CSV with a header line', async () => {
    expect(await text(rowStream('text/csv', ['n', 'name'], fewRows()))).toBe("n,name\r\n1,é\r\n-2,'=1\r\n");
  });

  it('has a header line even without rows', async () => {
    expect(await text(rowStream('text/csv', ['n'], source(0).rows))).toBe('n\r\n');
    expect(await text(rowStream('application/x-ndjson', ['n'], source(0).rows))).toBe('');
  });

  it('writes every row of a long source', async () => {
    const written = await text(rowStream('application/x-ndjson', [], source(5_000).rows));
    expect(
      written
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).n),
    ).toEqual([...Array(5_000).keys()]);
  });

  it('takes rows only as fast as they are read', async () => {
    const { state, rows } = source(100_000);
    const stream = rowStream('application/x-ndjson', [], rows);
    stream.read(0);
    await once(stream, 'readable');
    await new Promise(setImmediate);
    expect(state.taken).toBeGreaterThan(0);
    expect(state.taken).toBeLessThan(200);
    stream.destroy();
  });

  it('ends its source when the reader goes away', async () => {
    const { state, rows } = source(100_000);
    const stream = rowStream('text/csv', ['n', 'text'], rows);
    stream.read(0);
    await once(stream, 'readable');
    stream.destroy();
    await once(stream, 'close');
    expect(state).toEqual({ taken: expect.any(Number), ended: true });
    expect(state.taken).toBeLessThan(200);
  });
});
