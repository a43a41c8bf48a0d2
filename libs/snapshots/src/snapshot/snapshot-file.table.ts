import type { Pool } from 'pg';
import type { Audience } from '../dataset.js';

/** Of a file, every piece but the last: what a range is found by. */
export const PIECE = 256 * 1024;

export interface FileName {
  readonly study: string;
  readonly snapshot: string;
  readonly dataset: string;
  readonly audience: Audience;
  readonly format: string;
}

/** The name of the document of all clinical data: no dataset has its format. */
export const odmFile = (study: string, snapshot: string, audience: Audience): FileName => ({
  ...{ study, snapshot, audience },
  ...{ dataset: 'ODM', format: 'odm' },
});

/** Stores a file as its bytes come; what an interrupted attempt left of it is replaced. */
export async function storeFile(pool: Pool, name: FileName, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  await pool.query(
    `DELETE FROM snapshot_file
     WHERE study = $1 AND snapshot = $2 AND dataset = $3 AND audience = $4 AND format = $5`,
    places(name),
  );
  let nth = 0;
  for await (const piece of pieces(bytes)) {
    await pool.query(
      `INSERT INTO snapshot_file (study, snapshot, dataset, audience, format, nth, bytes)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [...places(name), nth++, piece],
    );
  }
}

/** The bytes from `from` (inclusive) to `to` (exclusive), a piece at a time. */
export async function* readFile(
  pool: Pool,
  name: FileName,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to; ) {
    const nth = Math.floor(at / PIECE);
    const { rows } = await pool.query<{ bytes: Buffer }>({
      name: 'snapshot piece',
      text: `SELECT bytes FROM snapshot_file
             WHERE study = $1 AND snapshot = $2 AND dataset = $3 AND audience = $4 AND format = $5 AND nth = $6`,
      values: [...places(name), nth],
    });
    const piece = rows[0]?.bytes;
    if (!piece) throw new Error(`piece ${nth} of ${JSON.stringify(name)} is missing`);
    const start = nth * PIECE;
    yield piece.subarray(at - start, to - start);
    at = start + piece.length;
  }
}

async function* pieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    waiting.push(chunk);
    size += chunk.length;
    if (size < PIECE) continue;
    const all = Buffer.concat(waiting);
    const whole = size - (size % PIECE);
    for (let at = 0; at < whole; at += PIECE) yield all.subarray(at, at + PIECE);
    waiting = [all.subarray(whole)];
    size -= whole;
  }
  if (size > 0) yield Buffer.concat(waiting);
}

const places = ({ study, snapshot, dataset, audience, format }: FileName) => [
  study,
  snapshot,
  dataset,
  audience,
  format,
];
