import { randomBytes, randomUUID } from 'node:crypto';
import autocannon from 'autocannon';
import { startChild } from '../child.js';
import type { Finding } from './finding.js';
import { type Measure, median, medianRound } from './measure.js';

const CONNECTIONS = 32;
const ROUNDS = 5;
const SECONDS = 3;
const GOAL = 0.5;
const password = randomBytes(12).toString('base64url');
const FORM = 'visits/V_SCR/forms/LB';

/**
 * Whole corrections over HTTP (authentication, validation, decision, append, inline read models), each
 * connection on a subject of its own, against the smallest Fastify route that inserts a row. Both servers
 * run in processes of their own, on one database; rounds interleave.
 */
export async function benchCorrection(url: string): Promise<Finding[]> {
  const reference = await startChild('dist/test/bench/reference-server.js', { DATABASE_URL: url, PORT: '0' });
  const ours = await startChild('dist/apps/server/src/main.js', {
    DATABASE_URL: url,
    PORT: '0',
    DAYBOOK_RATE_LIMIT: 'off',
    DAYBOOK_KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    DAYBOOK_ADMIN_EMAIL: 'bench@daybook.invalid',
    DAYBOOK_ADMIN_PASSWORD: password,
  });
  try {
    const subjects = await prepare(ours.url);
    const measured: { ours: Measure; reference: Measure }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      measured.push({ reference: await insertRows(reference.url), ours: await correct(ours.url, subjects) });
    }
    const ratio = median(measured.map((one) => one.ours.rate / one.reference.rate));
    return [
      {
        name: `correction over HTTP, ${CONNECTIONS} connections`,
        goal: `≥ ${GOAL} × the smallest Fastify route that inserts a row`,
        ratio,
        met: ratio >= GOAL,
        ours: medianRound(measured.map((one) => one.ours)),
        reference: medianRound(measured.map((one) => one.reference)),
      },
    ];
  } finally {
    await ours.stop();
    await reference.stop();
  }
}

interface Subject {
  token: string;
  key: string;
  etag: string;
  value: number;
}

const laboratory = (value: number) => ({
  items: {
    'I.LB.LBDAT': '2026-01-05',
    'I.LB.LBLAB': 'Central',
    'I.LB.CGA': value,
    'I.LB.CGAULN': 100,
    'I.LB.PPI': 'N',
    'I.LB.HB': 13.2,
    'I.LB.PLT': 240,
  },
});

async function prepare(base: string): Promise<Subject[]> {
  const call = async (method: string, path: string, body: unknown, token?: string) => {
    const response = await fetch(`${base}/api/v1${path}`, {
      method,
      headers: {
        'Content-Type': 'application/json',
        'Idempotency-Key': randomUUID(),
        ...(token && { Authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return { headers: response.headers, body: (await response.json()) as Record<string, string> };
  };
  const signIn = async (email: string) =>
    (await call('POST', '/auth/token', { email, password })).body.accessToken!;
  const administrator = await signIn('bench@daybook.invalid');
  await call('POST', '/studies/SINET/sites', { site: 'FR01', name: 'Bench', country: 'FR' }, administrator);
  const { body: user } = await call(
    'POST',
    '/users',
    { email: 'coordinator@daybook.invalid', name: 'Bench', password },
    administrator,
  );
  await call(
    'POST',
    '/studies/SINET/grants',
    { user: user.id, role: 'coordinator', sites: ['FR01'] },
    administrator,
  );
  const token = await signIn('coordinator@daybook.invalid');
  const subjects: Subject[] = [];
  for (let i = 0; i < CONNECTIONS; i++) {
    const { body } = await call(
      'POST',
      '/studies/SINET/subjects',
      { site: 'FR01', consentDate: '2026-01-02' },
      token,
    );
    const entered = await call(
      'PUT',
      `/studies/SINET/subjects/${body.subjectKey}/${FORM}`,
      laboratory(50),
      token,
    );
    subjects.push({ token, key: body.subjectKey!, etag: entered.headers.get('etag')!, value: 50 });
  }
  return subjects;
}

/** Each connection corrects the form of one subject, again and again, with the ETag of the last answer. */
async function correct(base: string, subjects: readonly Subject[]): Promise<Measure> {
  // The last round was cut off in the middle of requests: their answers, and so the ETags, were lost.
  for (const subject of subjects) subject.etag = await currentTag(base, subject);
  let next = 0;
  return load(base, {
    setupClient: (client) => {
      const subject = subjects[next++]!;
      client.setRequests([
        {
          method: 'PUT',
          path: `/api/v1/studies/SINET/subjects/${subject.key}/${FORM}`,
          setupRequest: (request) => {
            subject.value = (subject.value % 900) + 1;
            const body = {
              ...laboratory(subject.value),
              reason: { code: 'transcription-error', text: 'Bench' },
            };
            const headers = {
              'Content-Type': 'application/json',
              Authorization: `Bearer ${subject.token}`,
              'Idempotency-Key': randomUUID(),
              'If-Match': subject.etag,
            };
            return { ...request, headers, body: JSON.stringify(body) };
          },
          onResponse: (status, body, _, headers) => {
            if (status !== 200) throw new Error(`correction answered ${status}: ${body}`);
            subject.etag = (headers as Record<string, string>).etag!;
          },
        },
      ]);
    },
  });
}

async function currentTag(base: string, { key, token }: Subject): Promise<string> {
  const path = `${base}/api/v1/studies/SINET/subjects/${key}/${FORM}`;
  return (await fetch(path, { headers: { Authorization: `Bearer ${token}` } })).headers.get('etag')!;
}

function insertRows(base: string): Promise<Measure> {
  const request = {
    method: 'PUT' as const,
    path: '/rows',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(laboratory(50)),
  };
  return load(base, { requests: [request] });
}

async function load(url: string, options: Partial<autocannon.Options>): Promise<Measure> {
  const result = await autocannon({ url, connections: CONNECTIONS, duration: SECONDS, ...options });
  if (result.errors + result.non2xx > 0)
    throw new Error(`${result.errors} errors, ${result.non2xx} refusals under load`);
  return { rate: result.requests.average, p50: result.latency.p50, p99: result.latency.p99 };
}
