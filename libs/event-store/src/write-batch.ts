import type { QueryConfig, QueryResult } from 'pg';
import type { PlacedBatch } from './batch.js';
import type { PipelinedClient } from './pipelined-client.js';

/** SQLSTATE of ours: the log is not where a batch was placed. */
export const HEAD_MOVED = 'DB001';

/** The batch before was not written, or a stream is not where it was expected: what follows is placed anew. */
class Overtaken {
  readonly code = HEAD_MOVED;
}

/** The events and the rows that follow from them, all statements sent at once. */
export async function write(
  client: PipelinedClient,
  { append, upserts }: PlacedBatch,
  begun = false,
): Promise<void> {
  if (upserts.length === 0 && !begun) await client.query(append);
  else await sendAll(client, [...(begun ? [] : ['BEGIN']), append, ...upserts, 'COMMIT']);
}

/** Whoever stops all appends by a lock on the heads must not hold it while this waits for it with rows written. */
const BEGIN_AHEAD = 'BEGIN; LOCK TABLE log_head IN ROW EXCLUSIVE MODE';

/** The same while the batch before is being committed: the head moves on when that one is in the log. */
export async function writeAhead(
  client: PipelinedClient,
  { ahead, size, upserts }: PlacedBatch,
  before: Promise<void>,
): Promise<void> {
  const isBefore = before.then(
    () => true,
    () => false,
  );
  try {
    const [, rows] = await sendAll(client, [BEGIN_AHEAD, ahead.rows, ...upserts]);
    if (rows?.rowCount !== size || !(await isBefore)) throw new Overtaken();
  } catch (error) {
    await isBefore;
    await client.query('ROLLBACK');
    throw error;
  }
  await sendAll(client, [ahead.head, 'COMMIT']);
}

/** After a refusal PostgreSQL takes nothing more of the transaction, and its COMMIT rolls back. */
async function sendAll(
  client: PipelinedClient,
  statements: readonly (QueryConfig | string)[],
): Promise<QueryResult[]> {
  const steps = await client.together(() =>
    Promise.allSettled(statements.map((statement) => client.query(statement))),
  );
  return steps.map((step) => {
    if (step.status === 'rejected') throw step.reason;
    return step.value;
  });
}
