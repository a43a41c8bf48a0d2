import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { catalogue } from '#problem';
import { enrol, expectProblem, formPath, ifMatch } from './casebook.js';
import type { OpenApi, Response } from './contract.js';
import { accepted, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

const { root } = trial;

describe('health', () => {
  it('tells that the process lives, and that it can answer', async () => {
    expect((await root.get('/health/live')).body).toEqual({ status: 'ok' });
    const ready = await root.get('/health/ready');
    expect(ready.status).toBe(200);
    expect(ready.body).toEqual({ status: 'ok', followers: { outcomes: 'ok', audit: 'ok' } });
  });
});

describe('metrics', () => {
  it('are Prometheus text that names routes, never subjects', async () => {
    await trial.as('dataManager').get('/studies/SINET/subjects/FR01-0042');
    const answer = await root.get('/metrics');
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(answer.text).toMatch(/^daybook_log_size\{log="SINET"\} \d+$/m);
    expect(answer.text).toMatch(/^daybook_follower_behind\{follower="audit",log="SINET"\} \d+$/m);
    expect(answer.text).toMatch(/^daybook_follower_failing\{follower="outcomes"\} 0$/m);
    expect(answer.text).toContain('route="/api/v1/studies/:study/subjects/:subject"');
    expect(answer.text).not.toContain('FR01-0042');
  });
});

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string; required?: boolean }[];
  responses: Record<string, Response>;
  summary?: string;
  security?: unknown[];
}

describe('the OpenAPI document', () => {
  const operations = async () => {
    const { paths } = await accepted(root.get('/api/openapi.json'));
    return Object.entries(paths as Record<string, Record<string, Operation>>).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
  };

  const read = async (): Promise<OpenApi> => accepted(root.get('/api/openapi.json'));

  it('is of version 3.1', async () => {
    const { body } = await root.get('/api/openapi.json');
    expect(body.openapi).toMatch(/^3\.1\.\d+$/);
    expect(body.info).toMatchObject({ title: 'Daybook', version: '1' });
  });

  it('has a schema of JSON Schema 2020-12 wherever it has one, and nothing of OpenAPI 3.0', async () => {
    const document = await read();
    const ajv = new Ajv2020({ strict: false });
    const schemas = [...valuesOf(document, 'schema'), ...Object.values(document.components.schemas)];
    expect(schemas.length).toBeGreaterThan(300);
    for (const schema of schemas)
      expect(ajv.validateSchema(schema as object), JSON.stringify(schema).slice(0, 200)).toBe(true);
    expect(valuesOf(document, 'nullable')).toEqual([]);
  });

  it('has bodies for forms that pass as they are', async () => {
    const { paths } = await accepted(root.get('/api/openapi.json'));
    const { put, patch } = paths['/api/v1/studies/{study}/subjects/{subject}/visits/{visit}/forms/{form}'];
    const { entry, rows } = put.requestBody.content['application/json'].examples;
    const { correction } = patch.requestBody.content['application/json'].examples;
    const coordinator = trial.as('coordinator');
    const subject = await enrol(coordinator);
    const dm = formPath(subject, 'V_SCR', 'DM');
    const entered = await coordinator.put(dm, entry.value);
    expect(entered.status, entered.text).toBe(201);
    await accepted(coordinator.put(formPath(subject, 'V_SCR', 'IM'), rows.value));
    await accepted(coordinator.patch(dm, correction.value, ifMatch(entered)));
  });

  it('refers to nothing that is not there', async () => {
    const document = await read();
    const refs = new Set(valuesOf(document, '$ref') as string[]);
    expect(refs.size).toBeGreaterThan(100);
    const target = (ref: string) =>
      ref
        .split('/')
        .slice(1)
        .reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], document);
    expect([...refs].filter((ref) => target(ref) === undefined)).toEqual([]);
  });

  it('gives every operation an id of its own, and every variable of its path a parameter', async () => {
    const described = await operations();
    const ids = described.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, method, operation } of described) {
      const variables = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = operation.parameters?.filter((one) => one.in === 'path').map(({ name }) => name);
      expect(declared?.sort(), `${method} ${path}`).toEqual(variables.sort());
    }
  });

  it('says of every operation what it answers, and that a refusal is a problem', async () => {
    for (const { path, method, operation } of await operations()) {
      const { default: refusal, ...others } = operation.responses;
      expect(refusal, `${method} ${path}`).toEqual({ $ref: '#/components/responses/Problem' });
      const successes = Object.entries(others).filter(([status]) => status.startsWith('2'));
      expect(successes.length, `${method} ${path}`).toBeGreaterThan(0);
      for (const [status, { content = {} }] of successes) {
        const types = Object.entries(content);
        expect(types.length > 0, `${method} ${path} ${status}`).toBe(status !== '204');
        for (const [type, { schema }] of types) expect(schema, `${method} ${path} ${type}`).toBeDefined();
      }
    }
  });

  it('describes every route that there is, in words', async () => {
    const described = await operations();
    expect(described.length).toBeGreaterThan(40);
    for (const { path, method, operation } of described)
      expect(operation.summary, `${method} ${path}`).toEqual(expect.any(String));
    const paths = described.map(({ path }) => path);
    for (const path of [
      'subjects/{subject}/visits/{visit}/forms/{form}',
      'log/checkpoint',
      'audit',
      'outcomes',
    ])
      expect(paths).toContain(`/api/v1/studies/{study}/${path}`);
  });

  it('asks an Idempotency-Key of every write, but of signing in', async () => {
    const writes = (await operations()).filter(({ method }) => method !== 'get');
    expect(writes.length).toBeGreaterThan(15);
    for (const { path, method, operation } of writes) {
      const key = operation.parameters?.find(({ name }) => name === 'Idempotency-Key');
      if (path.startsWith('/api/v1/auth/')) expect(key, path).toBeUndefined();
      else expect(key, `${method} ${path}`).toMatchObject({ in: 'header', required: true });
    }
  });

  it('asks a bearer token of every route, but of those that are open', async () => {
    for (const { path, method, operation } of await operations()) {
      const open = /^\/(api\/v1\/auth|health|metrics|problems)/.test(path);
      expect(operation.security !== undefined, `${method} ${path}`).toBe(!open);
    }
  });

  it('has a page to read it on', async () => {
    const page = await root.get('/api/docs');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.text).toContain('swagger-ui');
  });
});

/** What stands under a name, anywhere in a document, as far as it is no example. */
function valuesOf(node: unknown, name: string): unknown[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    if (key === 'example') return [];
    return [...(key === name ? [value] : []), ...valuesOf(value, name)];
  });
}

describe('the problems', () => {
  it.each(Object.keys(catalogue))('%s is documented where its type points to', async (code) => {
    const answer = await root.get(`/problems/${code}`);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ type: `/problems/${code}`, ...catalogue[code as keyof typeof catalogue] });
  });

  it('are listed, and there are no others', async () => {
    const { items } = await accepted(root.get('/problems'));
    expect(items).toHaveLength(Object.keys(catalogue).length);
    for (const code of ['nothing', 'constructor', '__proto__'])
      expectProblem(await root.get(`/problems/${code}`), 404, 'not-found');
  });
});
