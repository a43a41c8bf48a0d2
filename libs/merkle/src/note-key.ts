import { createHash, type KeyObject } from 'node:crypto';
import { decodeBase64 } from './base64.js';
import { publicKeyBytes, publicKeyFromBytes } from './ed25519.js';
import { InvalidNote } from './invalid-note.js';

/** A key that signs notes, as its verifiers know it. */
export interface NoteKey {
  /** Not empty, without spaces and plus signs; best a URL without scheme. */
  readonly name: string;
  /** Four bytes as eight lower-case hexadecimal digits: tells keys of one name apart. */
  readonly id: string;
  readonly publicKey: KeyObject;
}

// https://c2sp.org/signed-note#signature-types
const ED25519 = 1;
const NAME = /^[^\p{White_Space}+]+$/u;

/** The key of `name`, from its public half or from 32 raw bytes; a private key gives its public half. */
export function noteKey(name: string, key: KeyObject | Uint8Array): NoteKey {
  if (!NAME.test(name)) throw new InvalidNote(`"${name}" is not a key name`);
  const bytes = key instanceof Uint8Array ? key : publicKeyBytes(key);
  const hash = createHash('sha256').update(`${name}\n`).update(typed(bytes)).digest('hex');
  return { name, id: hash.slice(0, 8), publicKey: publicKeyFromBytes(bytes) };
}

/**
 * The verifier key `name+id+base64(type ‖ public key)`, the form in which Go's tools and witnesses take it.
 *
 * @see https://pkg.go.dev/golang.org/x/mod/sumdb/note
 */
export function formatVerifierKey({ name, id, publicKey }: NoteKey): string {
  return `${name}+${id}+${typed(publicKeyBytes(publicKey)).toString('base64')}`;
}

/** The key of a verifier key; throws InvalidNote when it is malformed or its id is not its own. */
export function parseVerifierKey(text: string): NoteKey {
  const [name = '', id = '', ...rest] = text.split('+');
  const bytes = decodeBase64(rest.join('+'));
  if (bytes?.length !== 33 || bytes[0] !== ED25519) throw new InvalidNote('not an Ed25519 verifier key');
  const key = noteKey(name, bytes.subarray(1));
  if (key.id !== id) throw new InvalidNote(`the verifier key has the id ${key.id}, not ${id}`);
  return key;
}

function typed(publicKey: Uint8Array): Buffer {
  return Buffer.concat([Uint8Array.of(ED25519), publicKey]);
}
