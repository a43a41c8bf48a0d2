import type { PlacedBatch } from './batch.js';
import type { PipelinedClient } from './pipelined-client.js';

/** SQLSTATE of ours: the log is not where a batch was placed. */
export const MISPLACED = 'DB001';

/**
 * The events and the rows that follow from them, all statements sent at once. After a refusal PostgreSQL takes
 * nothing more of the transaction, and its COMMIT rolls back.
 *
 * @param begun a transaction is open; it is committed
 */
export async function write(
  client: PipelinedClient,
  { append, upserts }: PlacedBatch,
  begun = false,
): Promise<void> {
  const statements =
    upserts.length === 0 && !begun ? [append] : [...(begun ? [] : ['BEGIN']), append, ...upserts, 'COMMIT'];
  const steps = await client.together(() =>
    Promise.allSettled(statements.map((statement) => client.query(statement))),
  );
  for (const step of steps) if (step.status === 'rejected') throw step.reason;
}
