import type { KeyObject } from 'node:crypto';
import { decodeBase64 } from './base64.js';
import { HASH_LENGTH, type Hash } from './hash.js';
import { InvalidNote } from './invalid-note.js';
import { openNote, signNote } from './note.js';
import type { NoteKey } from './note-key.js';

/**
 * The head of a log.
 *
 * @see https://c2sp.org/tlog-checkpoint
 */
export interface Checkpoint {
  /** The log's identity, best a URL without scheme. */
  readonly origin: string;
  /** The number of leaves. */
  readonly size: number;
  readonly root: Hash;
}

/** The checkpoint as a note signed in the name of its origin. */
export function signCheckpoint(checkpoint: Checkpoint, privateKey: KeyObject): string {
  return signNote(formatCheckpoint(checkpoint), checkpoint.origin, privateKey);
}

/**
 * The checkpoint of a note that its own log signed with one of `keys`; a key that bears another name than
 * the origin does not speak for it. Throws InvalidNote.
 */
export function openCheckpoint(note: string, keys: readonly NoteKey[]): Checkpoint {
  const { text, signers } = openNote(note, keys);
  const checkpoint = parseCheckpoint(text);
  if (!signers.some((key) => key.name === checkpoint.origin)) {
    throw new InvalidNote(`no key of ${checkpoint.origin} signed the checkpoint`);
  }
  return checkpoint;
}

/** The text that is signed: origin, size and root, a line each. Throws InvalidNote when it would not read back. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  const text = `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
  if (parseCheckpoint(text).origin !== origin) throw new InvalidNote('the origin is not one line');
  return text;
}

/** The checkpoint of a note's text, its extension lines left out; throws InvalidNote. */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n');
  const [origin = '', digits = '', base64 = ''] = lines;
  if (lines.pop() !== '' || lines.includes('')) {
    throw new InvalidNote('a checkpoint ends in a newline and has no empty line');
  }
  const size = Number(digits);
  if (!/^(0|[1-9]\d*)$/.test(digits) || !Number.isSafeInteger(size)) {
    throw new InvalidNote('the tree size is not a decimal number');
  }
  const root = decodeBase64(base64);
  if (root?.length !== HASH_LENGTH) throw new InvalidNote('the root hash is not 32 bytes of base64');
  return { origin, size, root };
}
