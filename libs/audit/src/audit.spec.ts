import 'reflect-metadata';
import { randomBytes, randomUUID } from 'node:crypto';
import { type ExecutionContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, type Grant, INSTALLATION_LOG, systemCaller, userCommands } from '#access';
import { CasebookFacts, casebookCommands, SubjectKeys } from '#casebook';
import { Runner, Streams } from '#commands';
import { EventStore, Follower, LogPages } from '#event-store';
import { applyConventions, Cursors, serverOptions } from '#http';
import { leafHash, parseVerifierKey } from '#merkle';
import { Studies, shippedStudies, studyCommands } from '#study';
import { freshStore } from '../../../test/database.js';
import { AUDIT_FOLLOWER, AuditController } from './audit.controller.js';
import { foldAudit } from './audit-entry.projection.js';
import { lineColumns } from './line.js';
import { LogController } from './log.controller.js';
import { SigningKeys } from './signing-key.table.js';
import { verifyLog } from './verify.js';

const person = (id: string, grant: Partial<Grant>): Caller => ({
  id,
  name: id,
  grants: [{ study: 'SINET', role: 'inspector', sites: 'all', unblinded: false, ...grant }],
});
const callers: Record<string, Caller> = {
  inspector: person('inspector', {}),
  manager: person('manager', { role: 'data-manager' }),
  coordinator: person('coordinator', { role: 'coordinator', sites: ['FR01'] }),
  statistician: person('statistician', { role: 'statistician' }),
  administrator: person('administrator', { role: 'administrator', study: '*' }),
  stranger: person('stranger', { study: 'OTHER' }),
  everywhere: person('everywhere', { study: '*' }),
  'manager everywhere': person('manager', { study: '*', role: 'data-manager' }),
};

let app: NestFastifyApplication;
let close: () => Promise<void>;

beforeAll(async () => {
  const fresh = await freshStore();
  const { pool, store, signal } = fresh;
  const streams = new Streams(store);
  const studies = new Studies(streams);
  const keyEncryptionKey = randomBytes(32);
  const keys = new SubjectKeys(pool, keyEncryptionKey, randomBytes);
  const follower = new Follower('audit', { pool, signal, pages: new LogPages() }, foldAudit(), () => {});
  follower.start();

  const providers = [
    { provide: Pool, useValue: pool },
    { provide: EventStore, useValue: store },
    { provide: Studies, useValue: studies },
    { provide: SubjectKeys, useValue: keys },
    { provide: SigningKeys, useValue: new SigningKeys(pool, keyEncryptionKey, randomBytes) },
    { provide: Cursors, useValue: new Cursors(randomBytes(32)) },
    { provide: AUDIT_FOLLOWER, useValue: follower },
  ];
  @Module({ controllers: [AuditController, LogController], providers })
  class Doors {}
  app = await NestFactory.create<NestFastifyApplication>(Doors, new FastifyAdapter(serverOptions), {
    bodyParser: false,
    logger: false,
  });
  applyConventions(app);
  app.useGlobalGuards({
    canActivate(context: ExecutionContext) {
      const request = context.switchToHttp().getRequest();
      request.caller = callers[request.headers.caller];
      return true;
    },
  });
  await app.init();
  close = async () => {
    await app.close();
    await follower.stop();
    await fresh.close();
  };

  const runner = new Runner<Caller>(store, streams, () => new Date());
  const account = { user: randomUUID(), email: 'ann@daybook.invalid', name: 'Ann Roy' };
  await runner.run(userCommands(pool).CreateUser, account, {
    log: INSTALLATION_LOG,
    caller: systemCaller('test'),
    key: randomUUID(),
  });
  const commands = casebookCommands(new CasebookFacts(studies, keys, pool));
  const by = (caller: Caller) => ({ log: 'SINET', caller, key: randomUUID() });
  const system = systemCaller('test');
  await runner.run(studyCommands.CreateStudy, { definition: shippedStudies()[0]! }, by(system));
  for (const site of ['FR01', 'FR02'])
    await runner.run(studyCommands.OpenSite, { site, name: `Centre ${site}`, country: 'FR' }, by(system));
  for (const site of ['FR01', 'FR02']) {
    const coordinator = person('coordinator', { role: 'coordinator', sites: [site] });
    await runner.run(commands.EnrolSubject, { site, consentDate: '2026-01-15' }, by(coordinator));
    const form = { subject: `${site}-0001`, visit: 'V_SCR', form: 'DM', missing: {}, rows: {}, whole: false };
    const items = { 'I.DM.NAME': 'Dupont', 'I.DM.WEIGHT': 400 };
    await runner.run(commands.EnterForm, { ...form, items }, by(coordinator));
    const reason = { code: 'transcription-error', text: 'Misread source' };
    const corrected = { ...form, items: { 'I.DM.WEIGHT': 72 }, reason };
    await runner.run(commands.EnterForm, corrected, { ...by(coordinator), ifMatch: { any: true } });
  }
});
afterAll(() => close());

const ask = (caller: string, path: string, headers: Record<string, string> = {}) =>
  app.inject({ method: 'GET', url: `/api/v1/studies/${path}`, headers: { caller, ...headers } });

async function linesOf(caller: string, query = '') {
  const answer = await ask(caller, `SINET/audit?${query}`, { accept: 'application/x-ndjson' });
  expect(answer.statusCode).toBe(200);
  return answer.payload
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

describe('the audit trail', () => {
  it('C-01 C-03 C-05: answers with every act, in words', async () => {
    const answer = await ask('inspector', 'SINET/audit');
    expect(answer.statusCode).toBe(200);
    const { items, nextCursor } = answer.json();
    expect(nextCursor).toBe(null);
    expect(answer.headers['daybook-position']).toBe(String(items.at(-1).position));
    expect(items.slice(0, 9).map((line: { text: string }) => line.text)).toEqual([
      'Published version 1 of the study’s definition',
      'Opened site FR01: Centre FR01, FR',
      'Opened site FR02: Centre FR02, FR',
      'Enrolled subject FR01-0001 at site FR01, consent on 2026-01-15',
      'Entered Name: “Dupont”',
      'Entered Weight: 400 kg',
      expect.stringMatching(/^Raised query FR01-0001-Q1 on Weight \(check: range\): “/),
      'Corrected Weight from 400 kg to 72 kg: transcription-error, Misread source',
      'Closed query FR01-0001-Q1 on Weight: “The data no longer violate the check.”',
    ]);
    expect(items[6]).toMatchObject({ user: null, system: 'edit check', site: 'FR01' });
  });

  it('pages by lines, nothing twice and nothing skipped', async () => {
    const whole = await linesOf('inspector');
    for (const limit of [1, 2, 5]) {
      const found = [];
      let next: string | undefined = `/api/v1/studies/SINET/audit?limit=${limit}`;
      while (next) {
        const answer: Awaited<ReturnType<typeof ask>> = await app.inject({
          method: 'GET',
          url: next,
          headers: { caller: 'inspector' },
        });
        found.push(...answer.json().items);
        expect(answer.json().items.length).toBeLessThanOrEqual(limit);
        next = /<(.*)>/.exec(String(answer.headers.link ?? ''))?.[1];
      }
      expect(found).toEqual(whole);
    }
  });

  it('is filtered by whatever it shows', async () => {
    const whole = await linesOf('inspector');
    const filters: [string, (line: Record<string, unknown>) => boolean][] = [
      ['subject=FR02-0001', (line) => line.subjectKey === 'FR02-0001'],
      ['site=FR01', (line) => line.site === 'FR01'],
      ['user=coordinator', (line) => line.user === 'coordinator'],
      ['user=edit%20check', (line) => line.system === 'edit check'],
      ['type=ItemsCorrected', (line) => line.type === 'ItemsCorrected'],
      ['visit=V_SCR&form=DM', (line) => line.form === 'DM'],
      ['item=I.DM.WEIGHT', (line) => line.item === 'I.DM.WEIGHT'],
      ['from=3&to=5', (line) => line.position === 3 || line.position === 4],
      [`from=${whole[4].recordedAt}`, (line) => String(line.recordedAt) >= whole[4].recordedAt],
      [`to=${whole[4].recordedAt}`, (line) => String(line.recordedAt) < whole[4].recordedAt],
    ];
    for (const [query, fits] of filters) {
      const expected = whole.filter(fits);
      expect(expected.length, query).toBeGreaterThan(0);
      expect(await linesOf('inspector', query), query).toEqual(expected);
    }
    expect(await linesOf('inspector', 'from=99')).toEqual([]);
  });

  it('C-23 C-25: shows no other site, and no identity to who may not see it', async () => {
    const own = await linesOf('coordinator');
    expect(new Set(own.map((line) => line.site))).toEqual(new Set([null, 'FR01']));
    expect(own).toContainEqual(expect.objectContaining({ newValue: 'Dupont' }));
    expect(await linesOf('coordinator', 'subject=FR02-0001')).toEqual([]);
    const managed = await linesOf('manager');
    expect(managed).toContainEqual(expect.objectContaining({ item: 'I.DM.NAME', masked: 'identifying' }));
    expect(JSON.stringify(managed)).not.toContain('Dupont');
  });

  it('is refused to those who may not read it, and absent outside', async () => {
    const statuses = async (...asked: [caller: string, path: string][]) =>
      Promise.all(asked.map(async ([caller, path]) => (await ask(caller, path)).statusCode));
    expect(
      await statuses(
        ['coordinator', 'SINET/audit?site=FR02'],
        ['coordinator', 'SINET/audit?site=XX'],
        ['stranger', 'SINET/audit'],
        ['everywhere', 'NOPE/audit'],
        ['inspector', '.installation/audit'],
        ['statistician', 'SINET/audit'],
        ['administrator', 'SINET/audit'],
        ['inspector', 'SINET/audit?from=yesterday'],
        ['inspector', 'SINET/audit?cursor=forged'],
      ),
    ).toEqual([404, 404, 404, 404, 404, 403, 403, 400, 400]);
    const ahead = await ask('inspector', 'SINET/audit', { 'daybook-min-position': '999' });
    expect([ahead.statusCode, ahead.headers['retry-after']]).toEqual([503, '1']);
    expect((await ask('inspector', 'SINET/audit', { accept: 'image/png' })).statusCode).toBe(406);
  });

  it('C-09: of accounts and grants is for those who may read them', async () => {
    for (const caller of ['administrator', 'everywhere']) {
      const { items } = (await ask(caller, '.installation/audit')).json();
      expect(items).toMatchObject([
        { system: 'test', text: 'Created the account of Ann Roy, ann@daybook.invalid' },
      ]);
      expect((await ask(caller, '.installation/log/entries')).payload).toContain('Ann Roy');
    }
    for (const path of ['audit', 'log/entries']) {
      expect((await ask('manager everywhere', `.installation/${path}`)).statusCode).toBe(403);
      expect((await ask('inspector', `.installation/${path}`)).statusCode).toBe(404);
    }
  });

  it('is given as a table', async () => {
    const answer = await ask('inspector', 'SINET/audit?type=ItemsCorrected', { accept: 'text/csv' });
    expect(answer.headers['content-type']).toContain('text/csv');
    const [header, first, second, ...rest] = answer.payload.split('\r\n');
    expect(header).toBe(lineColumns.join(','));
    expect(first).toContain('"Corrected Weight from 400 kg to 72 kg: transcription-error, Misread source"');
    expect([second === undefined, rest]).toEqual([false, ['']]);
  });
});

describe('the log', () => {
  it('C-19: can be verified with what it gives, and nothing else', async () => {
    const checkpoint = await ask('statistician', 'SINET/log/checkpoint');
    expect(checkpoint.headers['content-type']).toContain('text/plain');
    expect((await ask('statistician', 'SINET/log/checkpoint')).payload).toBe(checkpoint.payload);
    const keys = (await ask('statistician', 'SINET/log/keys')).payload.trimEnd().split('\n');
    const entries = await ask('inspector', 'SINET/log/entries');
    expect(entries.headers['content-type']).toContain('application/x-ndjson');
    const lines = entries.payload.trimEnd().split('\n');
    const given = async function* () {
      yield* lines;
    };
    const leafHashes = lines.map((line) => leafHash(line));
    expect(await verifyLog({ entries: given(), checkpoint: checkpoint.payload, keys, leafHashes })).toEqual({
      ok: true,
      size: lines.length,
      faults: [],
    });
    const tile = await ask('statistician', `SINET/log/tile/0/000.p/${lines.length}`);
    expect(tile.headers['content-type']).toBe('application/octet-stream');
    expect(tile.rawPayload).toEqual(Buffer.concat(leafHashes));
    const part = await ask('manager', 'SINET/log/entries?from=1&to=3');
    expect(part.payload).toBe(`${lines[1]}\n${lines[2]}\n`);
  });

  it('gives keys with their validity', async () => {
    const answer = await ask('inspector', 'SINET/log/keys', { accept: 'application/json' });
    const [{ key, from, to }] = answer.json().items;
    expect(parseVerifierKey(key).name).toMatch(/^daybook\/.*\/SINET$/);
    expect([Number.isNaN(Date.parse(from)), to]).toEqual([false, null]);
  });

  it('gives proofs', async () => {
    const inclusion = await ask('statistician', 'SINET/log/proofs/inclusion?position=1&size=4');
    expect(inclusion.json().hashes).toHaveLength(2);
    const consistency = await ask('statistician', 'SINET/log/proofs/consistency?from=3&to=4');
    expect(consistency.json().hashes).toHaveLength(3);
  });

  it.each([
    ['statistician', 'SINET/log/entries', 403],
    ['coordinator', 'SINET/log/entries', 403],
    ['stranger', 'SINET/log/entries', 404],
    ['stranger', 'SINET/log/checkpoint', 404],
    ['everywhere', 'NOPE/log/checkpoint', 404],
    ['everywhere', 'NOPE/log/keys', 404],
    ['inspector', 'SINET/log/entries?from=3&to=2', 400],
    ['inspector', 'SINET/log/entries?from=-1', 400],
    ['inspector', 'SINET/log/proofs/inclusion?position=1', 400],
    ['inspector', 'SINET/log/proofs/inclusion?position=4&size=4', 400],
    ['inspector', 'SINET/log/proofs/inclusion?position=1&size=9999', 404],
    ['inspector', 'SINET/log/proofs/consistency?from=x&to=4', 400],
    ['inspector', 'SINET/log/proofs/consistency?from=5&to=4', 400],
    ['inspector', 'SINET/log/tile/0/000', 404],
    ['inspector', 'SINET/log/tile/0/x001/000', 404],
    ['inspector', 'SINET/log/tile/', 404],
  ])('answers %s at %s with %i', async (caller, path, status) => {
    expect((await ask(caller, path)).statusCode).toBe(status);
  });
});

describe('the OpenAPI document', () => {
  it('declares every parameter of every path, and no other', () => {
    const { paths } = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    expect(Object.keys(paths)).toContain('/api/v1/studies/{study}/log/tile/{path}');
    for (const [path, { get }] of Object.entries(paths)) {
      const parameters = (get?.parameters ?? []) as { in: string; name: string }[];
      const declared = parameters.flatMap((one) => (one.in === 'path' ? one.name : []));
      expect(declared.sort()).toEqual([...path.matchAll(/\{(.*?)\}/g)].map(([, name]) => name).sort());
    }
    const audit = paths['/api/v1/studies/{study}/audit']?.get?.parameters as { name: string }[];
    expect(audit.map(({ name }) => name)).toEqual(expect.arrayContaining(['subject', 'from', 'to', 'limit']));
  });
});
