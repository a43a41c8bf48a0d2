import { Problem } from '#problem';
import { invalidHeader } from './refusals.js';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * The UUID (of any version, RFC 9562) of `Idempotency-Key`, in lower case.
 *
 * @throws Problem `idempotency-key-required` without the header, `invalid-request` when it is no UUID.
 */
export function parseIdempotencyKey(header: string | undefined): string {
  if (header === undefined) {
    throw new Problem('idempotency-key-required', 'Send an Idempotency-Key header with a UUID of your own.');
  }
  if (!UUID.test(header)) throw invalidHeader('Idempotency-Key', 'a UUID');
  return header.toLowerCase();
}
