import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLog } from '#audit';
import {
  InvalidNote,
  leafHash,
  MemoryTree,
  openCheckpoint,
  parseVerifierKey,
  verifyConsistency,
  verifyInclusion,
} from '#merkle';
import { enrol, expectProblem, formPath, STUDY } from './casebook.js';
import { accepted, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

const LOG = `${STUDY}/log`;
const inspector = trial.as('inspector');
const keysOf = async (path = LOG) => (await inspector.get(`${path}/keys`)).text.trimEnd().split('\n');

async function checkpoint() {
  const note = (await inspector.get(`${LOG}/checkpoint`)).text;
  return { note, ...openCheckpoint(note, (await keysOf()).map(parseVerifierKey)) };
}
async function entries(query = ''): Promise<string[]> {
  const { text } = await inspector.get(`${LOG}/entries${query}`);
  return text === '' ? [] : text.slice(0, -1).split('\n');
}
async function proof(path: string): Promise<Buffer[]> {
  const { hashes } = await accepted(inspector.get(`${LOG}/proofs/${path}`));
  return hashes.map((hash: string) => Buffer.from(hash, 'base64'));
}

beforeAll(async () => {
  for (let i = 0; i < 12; i++) {
    const subject = await enrol(trial.as('coordinator'));
    const items = { 'I.DM.WEIGHT': 400, 'I.DM.NAME': `é “${i}” 🧬` };
    await accepted(trial.as('coordinator').put(formPath(subject, 'V_SCR', 'DM'), { items }));
  }
});

describe('the checkpoint', () => {
  it('is a signed note that the log’s verifier key opens, of a tree that its entries have', async () => {
    const { size, root, origin } = await checkpoint();
    const [key] = await keysOf();
    expect(key!.split('+')[0]).toBe(origin);
    expect(size).toBe((await trial.logSizes()).SINET);
    const tree = new MemoryTree((await entries()).map(leafHash));
    expect(Buffer.from(await tree.root())).toEqual(Buffer.from(root));
  });

  it('of the same size has the same bytes', async () => {
    expect((await checkpoint()).note).toBe((await checkpoint()).note);
  });

  it('is not opened by the key of another log, nor after a change of one character', async () => {
    const { note } = await checkpoint();
    const administrator = trial.as('administrator');
    const other = (await administrator.get('/studies/.installation/log/keys')).text.trimEnd();
    expect(() => openCheckpoint(note, [parseVerifierKey(other)])).toThrow(InvalidNote);
    const [origin, size, ...rest] = note.split('\n');
    const changed = [origin, String(Number(size) + 1), ...rest].join('\n');
    const own = (await keysOf()).map(parseVerifierKey);
    expect(() => openCheckpoint(changed, own)).toThrow(InvalidNote);
  });

  it('has keys that tell their validity as JSON', async () => {
    const { body } = await inspector.get(`${LOG}/keys`, { Accept: 'application/json' });
    expect(body.items).toEqual([{ key: (await keysOf())[0], from: expect.stringMatching(/Z$/), to: null }]);
  });
});

describe('entries', () => {
  it('are the exact bytes that were hashed, one a line, at the places of their positions', async () => {
    const lines = await entries();
    const { pool } = trial.started.installation;
    const { rows } = await pool.query(`SELECT leaf_hash FROM event WHERE log = 'SINET' ORDER BY position`);
    expect(lines).toHaveLength(rows.length);
    for (const [position, line] of lines.entries()) {
      expect(Buffer.from(leafHash(line))).toEqual(rows[position].leaf_hash);
      expect(JSON.parse(line)).toMatchObject({ log: 'SINET', position });
    }
  });

  it('come from (inclusive) to (exclusive)', async () => {
    const lines = await entries();
    expect(await entries('?from=3&to=7')).toEqual(lines.slice(3, 7));
    expect(await entries('?from=3&to=3')).toEqual([]);
    expect(await entries(`?from=${lines.length - 1}&to=100000`)).toEqual(lines.slice(-1));
    expect(await entries(`?from=${lines.length}`)).toEqual([]);
    expectProblem(await inspector.get(`${LOG}/entries?from=-1`), 400, 'invalid-request');
    expectProblem(await inspector.get(`${LOG}/entries?from=5&to=4`), 400, 'invalid-request');
  });
});

describe('proofs', () => {
  it('show every entry in the tree of the checkpoint, and in every earlier one', async () => {
    const { size, root } = await checkpoint();
    const leaves = (await entries()).map(leafHash);
    for (const [position, leaf] of leaves.entries()) {
      const hashes = await proof(`inclusion?position=${position}&size=${size}`);
      expect(verifyInclusion(leaf, position, size, hashes, root)).toBe(true);
      expect(verifyInclusion(leaf, (position + 1) % size, size, hashes, root)).toBe(false);
    }
    const tree = new MemoryTree(leaves);
    for (const smaller of [1, 2, 7, 8, 9, size - 1]) {
      const hashes = await proof(`inclusion?position=${smaller - 1}&size=${smaller}`);
      expect(
        verifyInclusion(leaves[smaller - 1]!, smaller - 1, smaller, hashes, await tree.root(smaller)),
      ).toBe(true);
    }
  });

  it('show that the log only grew', async () => {
    const before = await checkpoint();
    for (let round = 0; round < 5; round++) {
      const earlier = await checkpoint();
      await enrol(trial.as('coordinator'));
      const later = await checkpoint();
      for (const { size, root } of [before, earlier]) {
        const hashes = await proof(`consistency?from=${size}&to=${later.size}`);
        expect(verifyConsistency(size, later.size, hashes, root, later.root)).toBe(true);
        expect(verifyConsistency(size, later.size, hashes, later.root, root)).toBe(false);
      }
    }
    const { size, root } = await checkpoint();
    expect(
      verifyConsistency(size, size, await proof(`consistency?from=${size}&to=${size}`), root, root),
    ).toBe(true);
  });

  it('of what there is not are refused', async () => {
    const { size } = await checkpoint();
    for (const [path, status] of [
      [`inclusion?position=${size}&size=${size}`, 400],
      [`inclusion?position=0&size=${size + 1}`, 404],
      ['inclusion?position=0', 400],
      ['inclusion?size=3', 400],
      ['inclusion?position=-1&size=3', 400],
      ['inclusion?position=0&size=0', 400],
      [`consistency?from=1&to=${size + 1}`, 404],
      ['consistency?from=3&to=2', 400],
      ['consistency?to=2', 400],
    ] as const) {
      const answer = await inspector.get(`${LOG}/proofs/${path}`);
      expect(answer.status, path).toBe(status);
      expect(answer.headers.get('content-type')).toMatch(/problem\+json/);
    }
  });
});

describe('tiles', () => {
  const tile = async (path: string) => {
    const response = await fetch(`${trial.started.server.url}/api/v1${LOG}/tile/${path}`, {
      headers: { Authorization: `Bearer ${inspector.token}` },
    });
    return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
  };

  it('of level 0 are the leaf hashes', async () => {
    const hashes = (await entries()).map(leafHash);
    for (const width of [1, 2, 17, hashes.length]) {
      const { status, bytes } = await tile(`0/000.p/${width}`);
      expect(status).toBe(200);
      expect(bytes).toEqual(Buffer.concat(hashes.slice(0, width)));
    }
  });

  it('that the log has not got, or that no path names, are not there', async () => {
    const size = (await trial.logSizes()).SINET!;
    for (const path of [
      `0/000.p/${size + 1}`,
      '0/000',
      '1/000.p/1',
      '0/001',
      '0/0',
      '0/000.p/0',
      '64/000',
      '0/x000/000',
      '0/000.p/256',
      '0/..%2f000',
    ])
      expect((await tile(path)).status, path).toBe(404);
  });

  it('C-22 with more than 256 entries there is a full one, and one above it that the proofs use', async () => {
    const subject = await enrol(trial.as('coordinator'));
    while ((await trial.logSizes()).SINET! < 300) {
      const query = { visit: 'V_SCR', form: 'DM', text: 'x' };
      await accepted(trial.as('monitor').post(`${STUDY}/subjects/${subject}/queries`, query));
    }
    const { size, root, note } = await checkpoint();
    const lines = await entries();
    const leaves = lines.map(leafHash);
    expect((await tile('0/000')).bytes).toEqual(Buffer.concat(leaves.slice(0, 256)));
    const above = await tile('1/000.p/1');
    expect(above.bytes).toEqual(Buffer.from(await new MemoryTree(leaves).root(256)));
    for (const position of [0, 100, 255, 256, size - 1]) {
      const hashes = await proof(`inclusion?position=${position}&size=${size}`);
      expect(verifyInclusion(leaves[position]!, position, size, hashes, root)).toBe(true);
    }
    async function* all() {
      yield* lines;
    }
    const verdict = await verifyLog({ entries: all(), checkpoint: note, keys: await keysOf() });
    expect(verdict).toMatchObject({ ok: true, size });
  });
});
