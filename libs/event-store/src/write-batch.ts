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
export function write(
  client: PipelinedClient,
  { append, upserts }: PlacedBatch,
  begun = false,
): Promise<void> {
  if (upserts.length === 0 && !begun) return client.together([append]);
  return client.together([...(begun ? [] : [{ text: 'BEGIN' }]), append, ...upserts, { text: 'COMMIT' }]);
}
