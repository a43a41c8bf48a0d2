import {
  type Checkpoint,
  type Hash,
  InvalidNote,
  leafHash,
  MemoryTree,
  openCheckpoint,
  parseVerifierKey,
} from '#merkle';
import { EntryChecks, type LogFault, type LogFaultKind } from './entry-checks.js';

/** What a log is verified by, with no need of the system that keeps it. */
export interface LogEvidence {
  /** The entries’ lines, from position 0, without their newlines. */
  readonly entries: AsyncIterable<string>;
  /** A signed note. */
  readonly checkpoint: string;
  /** Verifier keys, `name+id+base64`, of whoever is trusted to sign it. */
  readonly keys: readonly string[];
  /** Leaf hashes from 0 on, as the tiles of level 0 have them: with these, an entry that was changed is named. */
  readonly leafHashes?: readonly Hash[];
}

export interface LogVerdict {
  readonly ok: boolean;
  /** How many entries there were. */
  readonly size: number;
  /** The first hundred. */
  readonly faults: readonly LogFault[];
}

const MOST_FAULTS = 100;

/**
 * Whether entries are exactly those that a checkpoint was signed for, and a log as ours are: positions and
 * revisions without gaps, time that never runs backwards, one command a key. Keeps the leaf hashes and the
 * keys of commands in memory, not the entries.
 */
export async function verifyLog(evidence: LogEvidence): Promise<LogVerdict> {
  const faults: LogFault[] = [];
  const fault = (kind: LogFaultKind, position: number | null, detail: string) => {
    if (faults.length < MOST_FAULTS) faults.push({ kind, position, detail });
  };
  const checkpoint = open(evidence, fault);
  const genuine = checkpoint && (await genuineLeaves(evidence.leafHashes, checkpoint, fault));

  const tree = new MemoryTree();
  const checks = new EntryChecks();
  for await (const line of evidence.entries) {
    const hash = leafHash(line);
    tree.append(hash);
    const { position, faults: found } = checks.next(line);
    for (const one of found) fault(one.kind, one.position, one.detail);
    const signed = genuine?.[position];
    if (signed && !equal(signed, hash))
      fault('changed', position, 'It is not the entry that the leaf hash here was made of.');
  }
  if (checkpoint) await compare(tree, checkpoint, fault);
  return { ok: faults.length === 0, size: tree.size, faults };
}

type Report = (kind: LogFaultKind, position: number | null, detail: string) => void;

function open({ checkpoint, keys }: LogEvidence, fault: Report): Checkpoint | undefined {
  try {
    return openCheckpoint(checkpoint, keys.map(parseVerifierKey));
  } catch (error) {
    if (!(error instanceof InvalidNote)) throw error;
    fault('checkpoint', null, error.message);
    return undefined;
  }
}

/** Leaf hashes that have the checkpoint’s root are those that were signed. */
async function genuineLeaves(
  hashes: readonly Hash[] | undefined,
  { size, root }: Checkpoint,
  fault: Report,
): Promise<readonly Hash[] | undefined> {
  if (!hashes) return undefined;
  const signed = hashes.slice(0, size);
  if (signed.length === size && equal(await new MemoryTree(signed).root(), root)) return signed;
  fault('leaf-hashes', null, 'The leaf hashes do not have the root of the checkpoint.');
  return undefined;
}

async function compare(tree: MemoryTree, { size, root }: Checkpoint, fault: Report): Promise<void> {
  if (tree.size < size) {
    fault('missing-at-end', tree.size, `The checkpoint has ${size} entries, and here are ${tree.size}.`);
    return;
  }
  if (tree.size > size)
    fault('beyond-checkpoint', size, `The checkpoint has ${size} entries, and here are ${tree.size}.`);
  if (!equal(await tree.root(size), root))
    fault('root', null, `The first ${size} entries are not those that the checkpoint was signed for.`);
}

const equal = (a: Hash, b: Hash) => Buffer.compare(a, b) === 0;
