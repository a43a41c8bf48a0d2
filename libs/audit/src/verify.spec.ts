import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, type Json, type RecordedEvent } from '#event-store';
import {
  formatVerifierKey,
  leafHash,
  MemoryTree,
  noteKey,
  privateKeyFromSeed,
  signCheckpoint,
} from '#merkle';
import { verifyLog } from './verify.js';

const origin = 'daybook/0123/SINET';
const key = privateKeyFromSeed(Buffer.alloc(32, 1));
const keys = [formatVerifierKey(noteKey(origin, key))];

/** Two streams that take turns, three events a command. */
const log = Array.from({ length: 30 }, (_, position): RecordedEvent => {
  const command = Math.floor(position / 3);
  return {
    actor: { user: 'u1', role: 'coordinator' },
    command: { key: `key-${command}`, type: 'Test', ...(position % 3 === 0 && { fingerprint: 'f' }) },
    data: { value: position },
    log: 'SINET',
    position,
    recordedAt: `2026-01-15T10:00:${String(position).padStart(2, '0')}.000Z`,
    revision: Math.floor(command / 2) * 3 + (position % 3),
    salt: `salt-${position}`,
    schemaVersion: 1,
    stream: `subject/${command % 2}`,
    type: 'Happened',
  };
});
const text = (event: RecordedEvent) => canonical(event as unknown as Json);
const entries = log.map(text);
const hashes = entries.map((entry) => leafHash(entry));

async function sign(lines: readonly string[]): Promise<string> {
  const tree = new MemoryTree(lines.map((line) => leafHash(line)));
  return signCheckpoint({ origin, size: tree.size, root: await tree.root() }, key);
}

async function* given(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

const checkpoint = await sign(entries);
const verify = (lines: readonly string[], more: { leafHashes?: typeof hashes; checkpoint?: string } = {}) =>
  verifyLog({ entries: given(lines), checkpoint, keys, ...more });
const found = async (...args: Parameters<typeof verify>) =>
  (await verify(...args)).faults.map(({ kind, position }) => [kind, position]);

/** The log with one event rewritten, and everything else as it was. */
const rewritten = (position: number, change: Partial<RecordedEvent>) =>
  entries.with(position, text({ ...log[position]!, ...change }));
const renumbered = (events: readonly RecordedEvent[]) =>
  events.map((event, position) => text({ ...event, position }));

describe('a log that is whole', () => {
  it('C-20: is verified, of whatever size', async () => {
    expect(await verify(entries, { leafHashes: hashes })).toEqual({ ok: true, size: 30, faults: [] });
    expect(await verify([], { checkpoint: await sign([]) })).toEqual({ ok: true, size: 0, faults: [] });
  });
});

describe('tampering is found and named', () => {
  it('one character changed, wherever it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(29),
        fc.nat(1000),
        fc.constantFrom('0', 'x', ' ', '"'),
        async (position, at, by) => {
          const line = entries[position]!;
          const place = at % line.length;
          const changed = line.slice(0, place) + by + line.slice(place + 1);
          fc.pre(changed !== line);
          const faults = await found(entries.with(position, changed), { leafHashes: hashes });
          expect(faults).toContainEqual(['root', null]);
          expect(faults.filter(([kind]) => kind !== 'root').length).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('the key of the first command, or the name of its member', async () => {
    const first = entries[0]!;
    for (const changed of [first.replace('key-0', 'key-9'), first.replace('"key"', '"kez"')])
      expect(await found(entries.with(0, changed), { leafHashes: hashes })).toContainEqual(['changed', 0]);
  });

  it('a value changed in the middle: by the root alone that, with leaf hashes also which', async () => {
    const lines = rewritten(11, { data: { value: 12 } });
    expect(await found(lines)).toEqual([['root', null]]);
    expect(await found(lines, { leafHashes: hashes })).toEqual([
      ['changed', 11],
      ['root', null],
    ]);
  });

  it('the last entry deleted, the last ten, all of them', async () => {
    expect(await found(entries.slice(0, -1))).toEqual([['missing-at-end', 29]]);
    expect(await found(entries.slice(0, 20))).toEqual([['missing-at-end', 20]]);
    expect(await found([])).toEqual([['missing-at-end', 0]]);
  });

  it('an entry deleted in the middle', async () => {
    expect(await found(entries.toSpliced(10, 1))).toEqual([
      ['gap', 11],
      ['revision', 11],
      ['missing-at-end', 29],
    ]);
  });

  it('an entry deleted in the middle, and those behind it renumbered', async () => {
    const faults = await found(renumbered(log.toSpliced(10, 1)), { leafHashes: hashes });
    expect(faults.slice(0, 2)).toEqual([
      ['revision', 10],
      ['changed', 10],
    ]);
    expect(faults.at(-1)).toEqual(['missing-at-end', 29]);
  });

  it('two entries swapped', async () => {
    const faults = await found(entries.with(4, entries[5]!).with(5, entries[4]!), { leafHashes: hashes });
    expect(faults).toContainEqual(['gap', 5]);
    expect(faults).toContainEqual(['out-of-order', 4]);
    expect(faults).toContainEqual(['root', null]);
  });

  it('two entries swapped and renumbered', async () => {
    const lines = renumbered(log.with(4, log[5]!).with(5, log[4]!));
    const faults = await found(lines, { leafHashes: hashes });
    expect(faults).toContainEqual(['changed', 4]);
    expect(faults).toContainEqual(['changed', 5]);
    expect(faults).toContainEqual(['time-runs-backwards', 5]);
  });

  it('an entry inserted, as it is or with those behind it renumbered', async () => {
    const forged: RecordedEvent = { ...log[8]!, command: { key: 'forged', type: 'Test' }, revision: 3 };
    const inserted = log.toSpliced(9, 0, forged);
    expect(await found(inserted.map(text))).toEqual([
      ['out-of-order', 8],
      ['revision', 8],
      ['revision', 12],
      ['beyond-checkpoint', 30],
      ['root', null],
    ]);
    const faults = await found(renumbered(inserted), { leafHashes: hashes });
    expect(faults).toContainEqual(['changed', 9]);
    expect(faults).toContainEqual(['beyond-checkpoint', 30]);
  });

  it('what only a rewritten and signed log could have', async () => {
    const signed = async (lines: string[]) => found(lines, { checkpoint: await sign(lines) });
    expect(await signed(rewritten(7, { recordedAt: '2026-01-15T09:00:00.000Z' }))).toEqual([
      ['time-runs-backwards', 7],
    ]);
    expect(await signed(rewritten(7, { revision: 9 }))).toEqual([
      ['revision', 7],
      ['revision', 8],
    ]);
    expect(await signed(rewritten(9, { command: { key: 'key-0', type: 'Test', fingerprint: 'f' } }))).toEqual(
      [['repeated-key', 9]],
    );
    expect(await signed(rewritten(7, { log: 'OTHER' }))).toEqual([['other-log', 7]]);
    expect(await signed(entries.with(7, ` ${entries[7]}`))).toEqual([['not-canonical', 7]]);
    expect(await signed(entries.with(29, '{}'))).toEqual([['malformed', 29]]);
    expect(
      await signed(entries.with(29, entries[29]!.replace('"value":29', '"value":29,"value":29'))),
    ).toEqual([['not-canonical', 29]]);
  });
});

describe('a checkpoint', () => {
  it('that nobody known signed, or that was changed, proves nothing', async () => {
    const stranger = signCheckpoint(
      { origin, size: 0, root: hashes[0]! },
      privateKeyFromSeed(Buffer.alloc(32, 2)),
    );
    expect(await found(entries, { checkpoint: stranger })).toEqual([['checkpoint', null]]);
    expect(await found(entries, { checkpoint: checkpoint.replace('\n30\n', '\n29\n') })).toEqual([
      ['checkpoint', null],
    ]);
  });

  it('that is older than the entries proves only as many as it has', async () => {
    expect(await found(entries, { checkpoint: await sign(entries.slice(0, 20)) })).toEqual([
      ['beyond-checkpoint', 20],
    ]);
  });

  it('tells forged leaf hashes from those that were signed', async () => {
    expect(await found(entries, { leafHashes: hashes.with(3, hashes[4]!) })).toEqual([['leaf-hashes', null]]);
  });

  it('leaves no more than a hundred faults to read', async () => {
    const { faults, size } = await verify(Array(500).fill('no entry'));
    expect([faults.length, size]).toEqual([100, 500]);
  });
});
