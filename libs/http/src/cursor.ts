import { createHmac, timingSafeEqual } from 'node:crypto';
import { invalidParameter } from './refusals.js';

/** Where a list continues: the sort key of the last item that was given. */
export type Keyset = readonly (string | number)[];

const MAC_BYTES = 16;

/**
 * Opaque cursors that only we can make and that only continue the list they were made for. A cursor
 * names a place among sorted keys, not a count, so it stays good while rows come and go.
 */
export class Cursors {
  /** `key`: at least 32 secret bytes; cursors made under another key are refused. */
  constructor(private readonly key: Uint8Array) {
    if (key.length < 32) throw new RangeError('the key of the cursors has fewer than 32 bytes');
  }

  /** `scope` says whose list it is and which; see `cursorScope`. */
  encode(keyset: Keyset, scope: string): string {
    const payload = Buffer.from(JSON.stringify(keyset));
    return Buffer.concat([this.mac(payload, scope), payload]).toString('base64url');
  }

  /** @throws Problem `invalid-request` for any text that `encode` did not give for this scope. */
  decode(text: string, scope: string): Keyset {
    const bytes = Buffer.from(text, 'base64url');
    const mac = bytes.subarray(0, MAC_BYTES);
    const payload = bytes.subarray(MAC_BYTES);
    // Node skips characters that are not base64url; comparing the text again admits one spelling only.
    const genuine =
      mac.length === MAC_BYTES &&
      timingSafeEqual(mac, this.mac(payload, scope)) &&
      bytes.toString('base64url') === text;
    if (!genuine) throw invalidParameter('cursor', 'a nextCursor of this same list');
    return JSON.parse(payload.toString());
  }

  /** The scope’s own digest comes first and has a fixed length, so no scope runs into a payload. */
  private mac(payload: Uint8Array, scope: string): Buffer {
    const scopeMac = createHmac('sha256', this.key).update(scope).digest();
    return createHmac('sha256', this.key).update(scopeMac).update(payload).digest().subarray(0, MAC_BYTES);
  }
}

/** The scope of a caller’s list under its filters; those that are undefined do not count. */
export function cursorScope(
  caller: string,
  list: string,
  filters: Readonly<Record<string, string | number | readonly string[] | undefined>> = {},
): string {
  const given = Object.entries(filters)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([caller, list, given]);
}
