import type { ClientBase } from 'pg';
import { type Append, beginnings, type Head } from './batch.js';

/** Nobody else appends to the log until the transaction ends. */
export async function lockHead(client: ClientBase, log: string): Promise<Head> {
  await client.query('SELECT lock_log($1)', [log]);
  const { rows } = await client.query<{ size: number; at: number }>(
    `SELECT position + 1 AS size, (extract(epoch FROM recorded_at) * 1000)::bigint AS at FROM event
     WHERE log = $1 ORDER BY position DESC LIMIT 1`,
    [log],
  );
  return { size: rows[0]?.size ?? 0, recordedAt: rows[0]?.at ?? 0 };
}

/** Which of some appends (from 1) the log refuses: their stream is elsewhere, or one they rely on, or the key was used. */
const REFUSED = `
  SELECT a.nth::int FROM unnest($2::text[], $3::int[], $4::uuid[]) WITH ORDINALITY AS a(stream, expected, key, nth)
  WHERE a.stream IS NOT NULL AND a.expected <> coalesce(
          (SELECT e.revision FROM event e WHERE e.log = $1 AND e.stream = a.stream ORDER BY e.revision DESC LIMIT 1), -1)
     OR (SELECT true FROM event e WHERE e.log = $1 AND e.key = a.key LIMIT 1)
  UNION SELECT r.nth FROM unnest($5::int[], $6::text[], $7::int[]) AS r(nth, stream, revision)
  WHERE (SELECT true FROM event e WHERE e.log = $1 AND e.stream = r.stream AND e.revision = r.revision + 1 LIMIT 1)`;

/** One append that the log refuses, and all that wait with it are refused. */
export async function refusedOf<One extends { readonly appends: readonly Append[] }>(
  client: ClientBase,
  log: string,
  batch: readonly One[],
): Promise<Set<One>> {
  const asked = batch.flatMap((one) =>
    one.appends.map((append) => ({ one, append, isBeginning: beginnings(one.appends).includes(append) })),
  );
  const relied = asked.flatMap(({ append: { reliesOn = [] } }, i) =>
    reliesOn.map((stream) => ({ nth: i + 1, ...stream })),
  );
  const { rows } = await client.query<{ nth: number }>(REFUSED, [
    log,
    asked.map(({ append, isBeginning }) => (isBeginning ? append.stream : null)),
    asked.map(({ append }) => append.expectedRevision),
    asked.map(({ append }) => append.command?.key ?? null),
    relied.map(({ nth }) => nth),
    relied.map(({ stream }) => stream),
    relied.map(({ revision }) => revision),
  ]);
  return new Set(rows.map(({ nth }) => asked[nth - 1]!.one));
}
