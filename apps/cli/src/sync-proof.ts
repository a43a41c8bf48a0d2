import {
  formatVerifierKey,
  InvalidNote,
  openCheckpoint,
  openNote,
  parseVerifierKey,
  verifyConsistency,
} from '#merkle';
import type { SyncApi } from './sync-api.js';
import { NotVerified } from './sync-error.js';
import type { CopyStore } from './sync-store.js';

const PINNED = 'keys';

/**
 * A checkpoint of the log that reaches `position`, is signed by a key that is trusted here, and continues the
 * earlier one. The key that signs the first one is pinned; another is trusted once it signs
 * beside one that is.
 *
 * @returns the signed note
 * @throws NotVerified
 */
export async function checkLog(
  api: SyncApi,
  store: CopyStore,
  study: string,
  position: number,
  earlier: string | undefined,
): Promise<string> {
  const log = `/studies/${encodeURIComponent(study)}/log`;
  const plain = (path: string) =>
    api.retried(() => api.text(log + path, 'text/plain', { 'Daybook-Min-Position': String(position) }));
  const note = await plain('/checkpoint');
  const offered = linesIn(await plain('/keys'));
  try {
    const trusted = linesIn((await store.text(PINNED)) ?? '');
    const known = (trusted.length > 0 ? trusted : offered).map(parseVerifierKey);
    const head = openCheckpoint(note, known);
    const { signers } = openNote(note, [...known, ...offered.map(parseVerifierKey)]);
    const now = new Set([...trusted, ...signers.map(formatVerifierKey)]);
    if (now.size > trusted.length) await store.writeText(PINNED, `${[...now].join('\n')}\n`);
    if (head.size <= position)
      throw new NotVerified(`the signed log ends before position ${position}: it has ${head.size} entries`);
    if (earlier === undefined) return note;
    const before = openCheckpoint(earlier, known);
    if (head.origin !== before.origin)
      throw new NotVerified(`this is the log ${head.origin}; the copy is of ${before.origin}`);
    if (head.size < before.size)
      throw new NotVerified(`the log has ${head.size} entries, and had ${before.size}: it was cut short`);
    const proof = (await api.json(`${log}/proofs/consistency?from=${before.size}&to=${head.size}`)) as {
      hashes: string[];
    };
    const hashes = proof.hashes.map((hash) => Buffer.from(hash, 'base64'));
    if (!verifyConsistency(before.size, head.size, hashes, before.root, head.root))
      throw new NotVerified(
        'the log does not continue the one that the copy was checked by: it was rewritten',
      );
    return note;
  } catch (error) {
    if (!(error instanceof InvalidNote)) throw error;
    throw new NotVerified(
      `the checkpoint is not signed by a key trusted in ${store.path(PINNED)} (${error.message})`,
    );
  }
}

const linesIn = (text: string) => text.split('\n').filter(Boolean);
