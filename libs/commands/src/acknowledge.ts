import type { Receipt } from './command-type.js';

/** Says in the answer's headers where the write stands in the log, and whether it is told again. */
export function acknowledge(reply: { header(name: string, value: string): unknown }, receipt: Receipt): void {
  reply.header('Daybook-Position', String(receipt.position));
  if (receipt.replayed) reply.header('Idempotent-Replayed', 'true');
}
