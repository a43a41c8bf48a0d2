import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import type { Sealed } from '../held.js';

const NONCE = 12;
const TAG = 16;

/**
 * Seals a text with a subject's key: AES-256-GCM, bound to its place in the casebook.
 *
 * The nonce is derived from key, place and text (the idea of RFC 8452), so the same text at the same place
 * always seals to the same bytes: a decision can tell a changed value from a repeated one without opening
 * either, and no nonce serves two texts unless HMAC-SHA-256 collides.
 *
 * @param key 32 bytes
 * @param place study, subject, form and item: a sealed value copied elsewhere does not open
 */
export function seal(key: Uint8Array, place: string, text: string): Sealed {
  const nonce = hmac(hmac(key, 'nonce'), `${place}\0${text}`).subarray(0, NONCE);
  const cipher = createCipheriv('aes-256-gcm', hmac(key, 'text'), nonce).setAAD(Buffer.from(place));
  const bytes = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { sealed: bytes.toString('base64') };
}

/** @throws Error when key or place is another, or a byte was changed */
export function unseal(key: Uint8Array, place: string, { sealed }: Sealed): string {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', hmac(key, 'text'), bytes.subarray(0, NONCE), {
    authTagLength: TAG,
  })
    .setAAD(Buffer.from(place))
    .setAuthTag(bytes.subarray(-TAG));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE, -TAG)), decipher.final()]).toString('utf8');
}

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
