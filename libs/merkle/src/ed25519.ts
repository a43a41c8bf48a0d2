import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

// RFC 8410 §4 and §7: the DER that stands before the 32 bytes of a public key and of a seed.
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The private key of a 32-byte seed (RFC 8032 §5.1.5), the form in which a key is best kept and wrapped. */
export function privateKeyFromSeed(seed: Uint8Array): KeyObject {
  requireLength(seed);
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
}

/** The public key of its 32 bytes. */
export function publicKeyFromBytes(bytes: Uint8Array): KeyObject {
  requireLength(bytes);
  return createPublicKey({ key: Buffer.concat([SPKI, bytes]), format: 'der', type: 'spki' });
}

/** The 32 bytes of a public key, also of the one that belongs to a private key. */
export function publicKeyBytes(key: KeyObject): Buffer {
  const { crv, x } = key.export({ format: 'jwk' });
  if (crv !== 'Ed25519' || x === undefined) throw new TypeError('not an Ed25519 key');
  return Buffer.from(x, 'base64url');
}

function requireLength(bytes: Uint8Array): void {
  if (bytes.length !== 32) throw new RangeError(`an Ed25519 key has 32 bytes, not ${bytes.length}`);
}
