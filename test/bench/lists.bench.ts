import { randomBytes, randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { type Caller, sightOf, sitesFor } from '#access';
import { shippedStudies } from '#study';
import { startChild } from '../child.js';
import type { Finding } from './finding.js';
import { closedLoop, type Measure, median, medianRound } from './measure.js';

/** Subjects, by study; each has a query. */
const SIZES = { SMALL: 1_000, LARGE: 1_000_000 };
const ROUNDS = 5;
const MILLISECONDS = 600;
const password = randomBytes(12).toString('base64url');

/**
 * First pages of lists over HTTP, in a study of 1,000,000 subjects against one of 1,000, in turn; and how much of
 * such a request it is to find out what the caller may see of it.
 */
export async function benchLists(url: string): Promise<Finding[]> {
  const server = await startChild('dist/apps/server/src/main.js', {
    DATABASE_URL: url,
    PORT: '0',
    DAYBOOK_RATE_LIMIT: 'off',
    DAYBOOK_KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    DAYBOOK_ADMIN_EMAIL: 'bench@daybook.invalid',
    DAYBOOK_ADMIN_PASSWORD: password,
  });
  try {
    const token = await prepare(server.url);
    await fill(url);
    const get = async (path: string) => {
      const headers = { Authorization: `Bearer ${token}` };
      const response = await fetch(`${server.url}/api/v1/studies/${path}`, { headers });
      const { items } = (await response.json()) as { items?: unknown[] };
      if (items?.length !== 50) throw new Error(`${path} answered ${response.status}`);
    };
    const findings: Finding[] = [];
    for (const [name, path] of [
      ['subjects', 'subjects'],
      ['subjects of one site', 'subjects?site=S006'],
      ['queries', 'queries'],
      ['closed queries of one site', 'queries?status=closed&site=S006'],
    ] as const) {
      const measured: { ours: Measure; reference: Measure }[] = [];
      for (let round = 0; round < ROUNDS; round++)
        measured.push({
          reference: await closedLoop(1, MILLISECONDS, () => get(`SMALL/${path}`)),
          ours: await closedLoop(1, MILLISECONDS, () => get(`LARGE/${path}`)),
        });
      const ours = medianRound(measured.map((one) => one.ours));
      const reference = medianRound(measured.map((one) => one.reference));
      const ratio = median(measured.map((one) => one.ours.p50 / one.reference.p50));
      const goal = '≤ 3 × the time with 1,000';
      findings.push({
        name: `first page of ${name} of 1,000,000 subjects`,
        goal,
        ratio,
        met: ratio <= 3,
        ours,
        reference,
      });
    }
    return [...findings, await rights(findings[0]!.ours)];
  } finally {
    await server.stop();
  }
}

/** What is asked of the rights of somebody with several grants, for a page of fifty subjects. */
async function rights(request: Measure): Promise<Finding> {
  const grant = (role: 'statistician' | 'monitor', sites: 'all' | string[]) =>
    ({ study: 'LARGE', role, sites, unblinded: false }) as const;
  const caller: Caller = {
    id: randomUUID(),
    name: 'Bench',
    grants: [grant('statistician', 'all'), grant('monitor', ['S001', 'S002', 'S003'])],
  };
  const ours = await closedLoop(1, MILLISECONDS, async () => {
    sitesFor(caller, 'read casebook', 'LARGE');
    for (let i = 0; i < 50; i++) if (!sightOf(caller, 'LARGE', `S00${i % 9}`)) throw new Error('no sight');
  });
  const ratio = ours.p50 / request.p50;
  return {
    name: 'rights and blinding, as a share of that request',
    goal: '≤ 0.1',
    ratio,
    met: ratio <= 0.1,
    ours,
    reference: request,
  };
}

/** The studies, by whoever may define any, who reads them too. */
async function prepare(base: string): Promise<string> {
  const call = async (path: string, body: unknown, token?: string) => {
    const response = await fetch(`${base}/api/v1${path}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'Idempotency-Key': randomUUID(),
        ...(token && { Authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Record<string, string>;
  };
  const administrator = (await call('/auth/token', { email: 'bench@daybook.invalid', password }))
    .accessToken!;
  const account = { email: 'manager@daybook.invalid', name: 'Bench', password };
  const user = (await call('/users', account, administrator)).id;
  await call('/studies/*/grants', { user, role: 'data-manager' }, administrator);
  const { accessToken } = await call('/auth/token', { email: account.email, password });
  const shipped = shippedStudies()[0]!;
  for (const oid of Object.keys(SIZES))
    await call('/studies', { ...shipped, study: { ...shipped.study, oid } }, accessToken!);
  return accessToken!;
}

/** The rows of the read models, without the events: what a list is read from. */
async function fill(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const [study, size] of Object.entries(SIZES)) {
    await client.query(
      `INSERT INTO subject (study, subject, site, series, number, status, arm, definition, consented, enrolled, openqueries)
       SELECT $1, site || '-' || lpad(n::text, 7, '0'), site, site, n, 'enrolled', NULL, 1, '2026-01-02', now(), 1
       FROM (SELECT n, 'S' || lpad((n % 20)::text, 3, '0') AS site FROM generate_series(1, $2::int) AS n) AS one`,
      [study, size],
    );
    await client.query(
      `INSERT INTO query (study, subject, number, site, status, raised, changed, visit, form, items, state)
       SELECT study, subject, 1, site, CASE WHEN number % 2 = 0 THEN 'closed' ELSE 'open' END, now(), now(), 'V_SCR', 'DM', '{I.DM.SEX}',
         json_build_object('query', subject || '-Q1', 'visit', 'V_SCR', 'form', 'DM', 'item', 'I.DM.SEX', 'text', 'Sure?',
           'status', CASE WHEN number % 2 = 0 THEN 'closed' ELSE 'open' END,
           'raisedAt', '2026-01-02T00:00:00.000Z', 'changedAt', '2026-01-02T00:00:00.000Z', 'messages', '[]'::json)
       FROM subject WHERE study = $1`,
      [study],
    );
  }
  await client.query('ANALYZE');
  await client.end();
}
