import { createHash } from 'node:crypto';

/** The idempotency key of one act of the simulation: always the same for the same name (UUID version 8, RFC 9562). */
export function keyOf(name: string): string {
  const hex = createHash('sha256').update(`simulation ${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
