import { type KeyObject, sign, verify } from 'node:crypto';
import { decodeBase64 } from './base64.js';
import { InvalidNote } from './invalid-note.js';
import { type NoteKey, noteKey } from './note-key.js';

/** A note whose signatures hold. */
export interface OpenedNote {
  /** What was signed, with its last newline. */
  readonly text: string;
  /** The known keys that signed it, at least one. */
  readonly signers: readonly NoteKey[];
}

interface Signature {
  readonly name: string;
  readonly id: string;
  readonly bytes: Buffer;
}

// Anything but newlines, characters from U+0020 on and whole surrogate pairs.
const FORBIDDEN = /[^\n\u{20}-\u{d7ff}\u{e000}-\u{10ffff}]/u;
const SIGNATURE = /^— ([^\p{White_Space}+]+) (\S+)$/u;
/** The specification wants a limit, and at least 16. */
const MAX_SIGNATURES = 100;

/**
 * The signed note of `text`, which ends in a newline, with one Ed25519 signature in the name `name`.
 *
 * @see https://c2sp.org/signed-note
 */
export function signNote(text: string, name: string, privateKey: KeyObject): string {
  if (!text.endsWith('\n') || FORBIDDEN.test(text)) {
    throw new InvalidNote('a note’s text ends in a newline and has no other control characters');
  }
  const id = Buffer.from(noteKey(name, privateKey).id, 'hex');
  const signature = Buffer.concat([id, sign(null, Buffer.from(text), privateKey)]);
  return `${text}\n— ${name} ${signature.toString('base64')}\n`;
}

/**
 * Opens a note that at least one of `keys` signed. Signatures of other keys are ignored; throws InvalidNote
 * when the note is malformed, when no known key signed it, or when any known key's signature is wrong.
 */
export function openNote(note: string, keys: readonly NoteKey[]): OpenedNote {
  const { text, signatures } = parseNote(note);
  const signers = new Set<NoteKey>();
  for (const { name, id, bytes } of signatures) {
    const key = keys.find((known) => known.name === name && known.id === id);
    if (!key) continue;
    if (!verify(null, Buffer.from(text), key.publicKey, bytes)) {
      throw new InvalidNote(`the signature of ${name}+${id} is wrong`);
    }
    signers.add(key);
  }
  if (signers.size === 0) throw new InvalidNote('no known key signed the note');
  return { text, signers: [...signers] };
}

/** The text reaches to the last empty line; only signature lines come after it. */
function parseNote(note: string): { text: string; signatures: Signature[] } {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n') || FORBIDDEN.test(note)) throw new InvalidNote('not a signed note');
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw new InvalidNote('too many signatures');
  return { text: note.slice(0, end + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line: string): Signature {
  const [, name = '', base64 = ''] = SIGNATURE.exec(line) ?? [];
  const bytes = decodeBase64(base64);
  if (!bytes || bytes.length <= 4) throw new InvalidNote('a signature line is malformed');
  return { name, id: bytes.toString('hex', 0, 4), bytes: bytes.subarray(4) };
}
