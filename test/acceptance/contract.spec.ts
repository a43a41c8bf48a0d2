import { describe, expect, it } from 'vitest';
import { Contract, type OpenApi } from './contract.js';

const thing = {
  type: 'object',
  required: ['id', 'parts'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    parts: { type: 'array', items: { $ref: '#/components/schemas/Part' } },
    free: { type: 'object', additionalProperties: true },
  },
};
const document: OpenApi = {
  openapi: '3.1.0',
  paths: {
    '/things': { post: { responses: { 204: {} } } },
    '/things/{thing}': {
      get: {
        responses: {
          200: {
            headers: { ETag: {} },
            content: {
              'application/json': { schema: { $ref: '#/components/schemas/Thing' } },
              'text/csv': { schema: { type: 'string' } },
              'application/x-ndjson': {
                schema: { type: 'string', 'x-lines': { anyOf: [{ $ref: '#/components/schemas/Part' }] } },
              },
            },
          },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/things/newest': {
      get: { responses: { 200: { content: { 'application/json': { schema: { type: 'object' } } } } } },
    },
  },
  components: {
    schemas: {
      Thing: thing,
      Part: { anyOf: [{ type: 'object', properties: { n: { type: 'integer' } } }, { type: 'null' }] },
      Problem: { type: 'object', required: ['title'], properties: { title: {} }, additionalProperties: true },
    },
    headers: { ETag: {}, Link: {} },
    responses: {
      Problem: {
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  },
};

const contract = new Contract(document);
const id = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

interface Given {
  method?: string;
  path?: string;
  status?: number;
  type?: string;
  headers?: Record<string, string>;
}

function check(body: unknown, given: Given = {}, text = body === undefined ? '' : JSON.stringify(body)) {
  const { method = 'GET', path = '/things/1', status = 200, type = 'application/json', headers } = given;
  const all = new Headers({ 'Content-Type': `${type}; charset=utf-8`, ...headers });
  return () => contract.check({ method, path, status, headers: all, text, body });
}

describe('an answer', () => {
  it('as it is declared passes', () => {
    expect(check({ id, parts: [{ n: 1 }, null], free: { any: { thing: 1 } } })).not.toThrow();
    expect(check('a,b', { type: 'text/csv' })).not.toThrow();
    expect(check(undefined, { method: 'POST', path: '/things', status: 204 })).not.toThrow();
    expect(check({}, { path: '/things/newest' })).not.toThrow();
  });

  it.each([
    ['lacks a property', { id }, "/ must have required property 'parts'"],
    ['has one more', { id, parts: [], more: 1 }, '/ must NOT have additional properties: more'],
    ['has one more further in', { id, parts: [{ n: 1, m: 1 }] }, '/parts/0 must NOT have'],
    ['has another type', { id, parts: [{ n: 'x' }] }, '/parts/0/n must be integer'],
    ['has another format', { id: '7', parts: [] }, '/id must match format "uuid"'],
  ])('that %s fails, and it is said where', (_, body, words) => {
    expect(check(body)).toThrow('GET /things/{thing} answered 200');
    expect(check(body)).toThrow(words);
  });

  it.each<[string, unknown, Given]>([
    ['a status', {}, { status: 201 }],
    ['a media type', 'x', { type: 'application/xml' }],
    ['a body', {}, { method: 'POST', path: '/things', status: 204 }],
    ['a header', { id, parts: [] }, { headers: { Link: '</things>' } }],
    ['an operation', {}, { path: '/nothings' }],
    ['a method', {}, { method: 'PUT' }],
    ['a property of an object without any', { a: 1 }, { path: '/things/newest' }],
  ])('with %s that is not declared fails', (_, body, given) => {
    expect(check(body, given)).toThrow(/not declared|undeclared|additional properties/);
  });

  it('of lines is looked at line by line', () => {
    const type = 'application/x-ndjson';
    expect(check(undefined, { type }, '{"n":1}\n{"n":2}\n')).not.toThrow();
    expect(check(undefined, { type }, '{"n":1}\n{"m":2}\n')).toThrow('line 1 but / must NOT have');
  });

  it('that refuses is a problem, whatever was asked', () => {
    const type = 'application/problem+json';
    for (const path of ['/things/1', '/nothings']) {
      expect(check({ title: 'No', more: 1 }, { path, status: 404, type })).not.toThrow();
      expect(check({ detail: 'No' }, { path, status: 404, type })).toThrow("required property 'title'");
      expect(check({ title: 'No' }, { path, status: 404 })).toThrow('undeclared media type');
    }
  });
});
