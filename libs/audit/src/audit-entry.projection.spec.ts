import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { departureRows, queryRows, subjectRows } from '#casebook';
import { Follower, LogPages, type NewEvent, type RowSet } from '#event-store';
import { freshStore } from '../../../test/database.js';
import { foldAudit } from './audit-entry.projection.js';

let fresh: Awaited<ReturnType<typeof freshStore>>;
let follower: Follower;
beforeAll(async () => {
  fresh = await freshStore();
  follower = new Follower('audit', { ...fresh, pages: new LogPages() }, foldAudit(), (_, error) => {
    throw error;
  });
  follower.start();
});
afterAll(async () => {
  await follower.stop();
  await fresh.close();
});

const actor = { user: 'u1', role: 'coordinator' };

async function append(log: string, stream: string, events: NewEvent[], rows: RowSet[] = []) {
  const expectedRevision = (await fresh.store.readStream(log, stream)).length - 1;
  const command = { key: randomUUID(), type: 'Test' };
  const result = await fresh.store.append(log, {
    stream,
    expectedRevision,
    actor,
    command,
    events,
    project: () => rows,
  });
  expect(result).not.toBe('refused');
}

async function entriesOf(log: string) {
  expect(await follower.reached(log, (await fresh.store.size(log)) - 1)).toBe(true);
  const { rows } = await fresh.pool.query(
    'SELECT position, actor, type, site, subject, visit, form, items FROM audit_entry WHERE study = $1 ORDER BY position',
    [log],
  );
  return rows;
}

describe('audit entries', () => {
  it('say of every event where it belongs, as it says itself or as the read models know', async () => {
    const subject = {
      study: 'A',
      subject: 'FR01-0001',
      site: 'FR01',
      series: 'FR01',
      number: 1,
      status: 'enrolled',
      arm: null,
      definition: 1,
      consented: '2026-01-15',
      enrolled: '2026-01-15T00:00:00Z',
      openqueries: 0,
    };
    const query = {
      study: 'A',
      subject: 'FR01-0001',
      number: 12,
      site: 'FR01',
      status: 'open',
      raised: '2026-01-15T00:00:00Z',
      changed: '2026-01-15T00:00:00Z',
      visit: 'V',
      form: 'F~2',
      items: ['I.X'],
      check: null,
      state: { visit: 'V', form: 'F~2', item: 'I.X' },
    };
    await append('A', 'site/FR01', [
      { type: 'SiteOpened', data: { site: 'FR01', name: 'n', country: 'FR' } },
    ]);
    await append(
      'A',
      'subject/FR01-0001',
      [
        { type: 'SubjectEnrolled', data: { site: 'FR01', subject: 'FR01-0001' } },
        {
          type: 'ItemsEntered',
          data: { visit: 'V', form: 'F~2', changes: [{ item: 'I.X' }, { item: 'I.Y' }, { item: 'I.X' }] },
        },
        {
          type: 'QueryRaised',
          data: { visit: 'V', form: 'F~2', item: 'I.X', query: 'FR01-0001-Q12' },
          actor: { system: 'edit check' },
        },
        { type: 'QueryAnswered', data: { query: 'FR01-0001-Q12', text: 'yes' } },
        { type: 'FormCompleted', data: { visit: 'V', form: 'F~2' } },
      ],
      [
        { model: subjectRows, rows: [subject] },
        { model: queryRows, rows: [query] },
      ],
    );
    await append('A', 'else', [{ type: 'Unheard', data: {} }]);
    const at = { site: 'FR01', subject: 'FR01-0001' };
    const inForm = { ...at, visit: 'V', form: 'F~2' };
    const nowhere = { site: null, subject: null, visit: null, form: null, items: [] };
    expect(await entriesOf('A')).toEqual([
      { ...nowhere, position: 0, actor: 'u1', type: 'SiteOpened', site: 'FR01' },
      { ...nowhere, position: 1, actor: 'u1', type: 'SubjectEnrolled', ...at },
      { position: 2, actor: 'u1', type: 'ItemsEntered', ...inForm, items: ['I.X', 'I.Y'] },
      { position: 3, actor: 'edit check', type: 'QueryRaised', ...inForm, items: ['I.X'] },
      { position: 4, actor: 'u1', type: 'QueryAnswered', ...inForm, items: ['I.X'] },
      { position: 5, actor: 'u1', type: 'FormCompleted', ...inForm, items: [] },
      { ...nowhere, position: 6, actor: 'u1', type: 'Unheard' },
    ]);
  });

  it('keep the site of their time, whenever they are made: each transfer is the last of the site it leaves', async () => {
    const known = {
      ...{ study: 'T', subject: 'FR01-0002', series: 'FR01', number: 2, arm: null, definition: 1 },
      ...{ consented: '2026-01-15', enrolled: '2026-01-15T00:00:00Z', openqueries: 0 },
    };
    const transfer = (from: string, to: string) => ({ type: 'SubjectTransferred', data: { from, to } });
    const entry = { type: 'ItemsEntered', data: { visit: 'V', form: 'F', changes: [{ item: 'I.X' }] } };
    await append(
      'T',
      'subject/FR01-0002',
      [
        { type: 'SubjectEnrolled', data: { site: 'FR01' } },
        entry,
        transfer('FR01', 'DE01'),
        entry,
        transfer('DE01', 'IT01'),
        entry,
      ],
      [
        { model: subjectRows, rows: [{ ...known, site: 'IT01', status: 'enrolled' }] },
        {
          model: departureRows,
          rows: ['FR01', 'DE01'].map((site) => ({
            ...{ ...known, site, status: 'transferred', revision: 1 },
            ...{ departed: '2026-02-01T00:00:00Z', queries: [], signatures: [] },
          })),
        },
      ],
    );
    const sites = (await entriesOf('T')).map(({ site }) => site);
    expect(sites).toEqual(['FR01', 'FR01', 'FR01', 'DE01', 'DE01', 'IT01']);
  });

  it('C-04: are there for every event of every log, once', async () => {
    const events = Array.from({ length: 1500 }, (_, i) => ({ type: 'Happened', data: { i } }));
    await Promise.all(['B', 'C'].map((log) => append(log, 's', events)));
    for (const log of ['B', 'C']) {
      expect((await entriesOf(log)).map((row) => row.position)).toEqual(events.map((_, i) => i));
    }
  });
});
