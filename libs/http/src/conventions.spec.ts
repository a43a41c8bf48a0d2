import 'reflect-metadata';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  type LoggerService,
  Module,
  Param,
  Post,
  Query,
  Res,
  UnauthorizedException,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { IsInt, IsObject, IsOptional, IsString } from 'class-validator';
import type { FastifyReply, InjectOptions } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Problem } from '#problem';
import { negotiate, rowFormats } from './accept.js';
import type { Moment } from './as-of.js';
import { JSON_BODY_LIMIT } from './body.js';
import { applyConventions } from './conventions.js';
import type { Row } from './csv.js';
import { Nested, NestedList } from './nested.js';
import { linkNext, page } from './page.js';
import { AsOf, Cursor, Limit, MinPosition } from './params.js';
import { RepeatableQuery } from './plain-request.guard.js';
import { serverOptions } from './server-options.js';
import { answerRows } from './stream.js';

class Line {
  @IsString() key!: string;
  @IsOptional() @IsInt() amount?: number;
}

class Order {
  @IsString() name!: string;
  @IsOptional() @Nested(() => Line) first?: Line;
  @IsOptional() @NestedList(() => Line, 2) lines?: Line[];
  @IsOptional() @IsObject() free?: Record<string, unknown>;
}

const faults: Record<string, () => Error> = {
  own: () => new Error('the secret of the house'),
  database: () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
  nest: () => new UnauthorizedException(),
  problem: () => new Problem('stale', 'Read again.', { extensions: { current: { a: 1 } } }),
  patience: () => new Problem('too-many-requests', 'Slowly.', { extensions: { retryAfter: 7 } }),
};

async function* rowsThenFault(rows: number): AsyncGenerator<Row> {
  for (let n = 0; n < rows; n++) yield { n, text: 'x'.repeat(1_000) };
  if (rows !== 3) throw new Error('the source broke');
}

@Controller('things')
class ThingsController {
  @Post('echo')
  echo(@Body() body: unknown) {
    return { body };
  }

  @Post('orders')
  order(@Body() order: Order) {
    return { order, isOrder: order instanceof Order };
  }

  @Get('read')
  read(@MinPosition() position: number | undefined, @AsOf() asOf: Moment | undefined) {
    return { position, asOf };
  }

  @Get('list')
  list(
    @Limit() limit: number,
    @Cursor() cursor: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const start = Number(cursor ?? 0);
    const found = Array.from({ length: 120 }, (_, n) => n).slice(start, start + limit + 1);
    return linkNext(
      reply,
      page(found, limit, (last) => String(last + 1)),
    );
  }

  @Get('filtered')
  @RepeatableQuery(['status'])
  filtered(@Query('status') status: string | string[], @Query('site') site: string) {
    return { status, site };
  }

  @Get('rows/:count')
  rows(@Param('count') count: string, @Headers('accept') accept: string, @Res() reply: FastifyReply) {
    const format = negotiate(accept, rowFormats);
    if (format === 'application/json') reply.send([]);
    else answerRows(reply, format, ['n'], rowsThenFault(Number(count)));
  }

  @Get('faults/:name')
  fault(@Param('name') name: string) {
    throw faults[name]?.() ?? new Problem('not-found', 'No such fault.');
  }

  @Delete(':id/:part')
  remove(@Param('id') id: string, @Param('part') part: string) {
    return { id, part };
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

const logged: string[] = [];
const keep = (...parts: unknown[]): void => void logged.push(parts.join(' '));
const logger: LoggerService = { log: () => {}, warn: keep, error: keep, fatal: keep };

let app: NestFastifyApplication;

beforeAll(async () => {
  app = await NestFactory.create<NestFastifyApplication>(ThingsModule, new FastifyAdapter(serverOptions), {
    bodyParser: false,
    logger,
  });
  app.setGlobalPrefix('api');
  applyConventions(app);
  await app.listen(0, '127.0.0.1');
});

afterAll(() => app.close());

beforeEach(() => {
  logged.length = 0;
});

async function call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, options: InjectOptions = {}) {
  const response = await app.inject({ method, url: `/api/things/${url}`, ...options });
  return {
    status: response.statusCode,
    headers: response.headers,
    body: response.body,
    json: /\/(?:problem\+)?json/.test(String(response.headers['content-type'])) ? response.json() : undefined,
  };
}

const post = (url: string, payload: string | Buffer, headers: Record<string, string> = {}) =>
  call('POST', url, { payload, headers: { 'content-type': 'application/json', ...headers } });

/** What every refusal looks like. */
function problem(code: string, status: number, fields: object = {}) {
  return {
    status,
    headers: expect.objectContaining({
      'content-type': expect.stringMatching(/^application\/problem\+json/),
    }),
    body: expect.any(String),
    json: expect.objectContaining({
      type: `/problems/${code}`,
      status,
      title: expect.any(String),
      ...fields,
    }),
  };
}

const at = (pointer: string, code: string) => ({
  errors: [expect.objectContaining({ pointer, code, message: expect.any(String) })],
});

describe('bodies', () => {
  it('are strict JSON', async () => {
    expect((await post('echo', '{"a":[1,"é"]}')).json).toEqual({ body: { a: [1, 'é'] } });
    expect((await post('echo', '{}', { 'content-type': 'Application/JSON; Charset="UTF-8"' })).status).toBe(
      201,
    );
    expect((await post('echo', '\ufeff{"a":1}')).json).toEqual({ body: { a: 1 } });
    expect(await post('echo', '{"a":{"b":1,"b":2}}')).toEqual(
      problem('malformed-json', 400, at('/a/b', 'duplicate-key')),
    );
    expect(await post('echo', '{"a":1e999}')).toEqual(
      problem('invalid-value', 422, at('/a', 'inexact-number')),
    );
    expect(await post('echo', '')).toEqual(problem('malformed-json', 400, at('', 'syntax')));
    expect(await post('echo', Buffer.from([0x22, 0xc3, 0x28, 0x22]))).toEqual(
      problem('malformed-json', 400, at('', 'not-utf-8')),
    );
  });

  it('have 1 MiB at most', async () => {
    const text = (size: number): string => `"${'x'.repeat(size - 2)}"`;
    expect((await post('echo', text(JSON_BODY_LIMIT))).status).toBe(201);
    expect(await post('echo', text(JSON_BODY_LIMIT + 1))).toEqual(problem('body-too-large', 413));
  });

  it.each([
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/x-www-form-urlencoded' },
    { 'content-type': 'application/xml' },
    { 'content-type': 'nonsense' },
    { 'content-type': '' },
    { 'content-type': 'application/json; charset=iso-8859-1' },
    { 'content-encoding': 'gzip' },
  ])('are not read with %j', async (headers) => {
    expect(await post('echo', '{}', headers)).toEqual(problem('unsupported-media-type', 415));
  });

  it('may be left out', async () => {
    expect((await call('POST', 'echo')).json).toEqual({});
  });
});

describe('validated bodies', () => {
  it('become instances of their class', async () => {
    const sent = {
      name: 'x',
      first: { key: 'k' },
      lines: [{ key: 'a', amount: 1 }],
      free: { any: { thing: [1] } },
    };
    expect((await post('orders', JSON.stringify(sent))).json).toEqual({ order: sent, isOrder: true });
  });

  it.each([
    ['{"name":"x","role":"administrator"}', '/role', 'unknown-property'],
    ['{"name":"x","lines":[{"key":"a"},{"key":"b","a/b":1}]}', '/lines/1/a~1b', 'unknown-property'],
    ['{"name":"x","first":{"key":1}}', '/first/key', 'is-string'],
    ['{"name":"x","lines":[{"key":"a","amount":1.5}]}', '/lines/0/amount', 'is-int'],
    ['{"name":"x","lines":[[]]}', '/lines', 'is-object'],
    ['{"name":"x","lines":[null]}', '/lines', 'is-object'],
    ['{"name":"x","lines":[{"key":"a"},{"key":"b"},{"key":"c"}]}', '/lines', 'array-max-size'],
    ['{"name":"x","first":[]}', '/first', 'is-object'],
    ['{"name":"x","lines":{"key":"a"}}', '/lines', 'is-array'],
    ['{"name":1}', '/name', 'is-string'],
    ['{}', '/name', 'is-string'],
    ['null', '', 'is-object'],
    ['[]', '', 'is-object'],
    ['"text"', '', 'is-object'],
  ])('refuse %s', async (body, pointer, code) => {
    expect(await post('orders', body)).toEqual(
      problem('invalid-value', 422, {
        errors: expect.arrayContaining([expect.objectContaining({ pointer, code })]),
      }),
    );
  });

  it('list a hundred faults at most', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`k${n}`, n]));
    const { json } = await post('orders', JSON.stringify({ name: 'x', ...unknown }));
    expect(json.errors).toHaveLength(100);
    expect(json.detail).toContain('5000 faults');
  });
});

describe('errors', () => {
  it('tell nothing of our own faults, but log them', async () => {
    const answer = await call('GET', 'faults/own');
    expect(answer).toEqual(problem('internal-error', 500));
    expect(answer.body).not.toMatch(/secret|conventions\.spec/);
    expect(logged.join('\n')).toMatch(/the secret of the house[\s\S]*conventions\.spec/);
  });

  it('say when to come back', async () => {
    const away = await call('GET', 'faults/database');
    expect(away).toEqual(problem('unavailable', 503));
    expect(away.headers['retry-after']).toBe('1');
    expect((await call('GET', 'faults/patience')).headers['retry-after']).toBe('7');
    expect(logged).toEqual([]);
  });

  it('ask for a bearer token', async () => {
    const answer = await call('GET', 'faults/nest');
    expect(answer).toEqual(problem('unauthenticated', 401));
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it('carry the extension members of a problem', async () => {
    expect(await call('GET', 'faults/problem')).toEqual(
      problem('stale', 412, { detail: 'Read again.', current: { a: 1 } }),
    );
  });

  it('are problems for addresses that do not exist or cannot be read', async () => {
    expect(await call('GET', 'nothing/here/at/all')).toEqual(problem('not-found', 404));
    expect(await call('GET', 'faults/%zz')).toEqual(problem('invalid-request', 400));
    expect(await call('GET', `faults/${'x'.repeat(500)}`)).toEqual(problem('invalid-request', 400));
    expect(await call('GET', 'faults/a%00')).toEqual(problem('invalid-request', 400));
  });

  it('name the methods of an address', async () => {
    const answer = await call('PUT', 'echo?a=1', { payload: 'x', headers: { 'content-type': 'text/plain' } });
    expect(answer).toEqual(problem('method-not-allowed', 405));
    expect(answer.headers.allow).toBe('POST');
    expect((await call('POST', 'some/part')).headers.allow).toBe('DELETE');
    expect((await call('DELETE', 'some/part')).status).toBe(200);
  });

  it.each(['NONSENSE\r\n\r\n', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`])(
    'are problems even for %.20j',
    async (bytes) => {
      const { port } = app.getHttpServer().address() as AddressInfo;
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
      const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
      expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/problem\+json\r\n/);
      expect(JSON.parse(body)).toMatchObject({ type: '/problems/invalid-request', status: 400 });
    },
  );
});

describe('parameters', () => {
  it('are read from headers and the query', async () => {
    const headers = { 'daybook-min-position': '12' };
    expect((await call('GET', 'read?asOf=2024-03-05T14:00:00%2B02:00', { headers })).json).toEqual({
      position: 12,
      asOf: { instant: '2024-03-05T12:00:00.000Z' },
    });
    expect((await call('GET', 'read')).json).toEqual({});
  });

  it('are refused by name', async () => {
    expect(await call('GET', 'read', { headers: { 'daybook-min-position': '-1' } })).toEqual(
      problem('invalid-request', 400, { header: 'Daybook-Min-Position' }),
    );
    expect(await call('GET', 'read?asOf=2024-02-30T00:00:00Z')).toEqual(
      problem('invalid-request', 400, { parameter: 'asOf' }),
    );
  });

  it('are given once unless a route says otherwise', async () => {
    expect((await call('GET', 'filtered?status=a&status=b&site=1')).json).toEqual({
      status: ['a', 'b'],
      site: '1',
    });
    for (const url of ['filtered?status=a&site=1&site=2', 'list?limit=5&limit=6', 'list?x=1&x=1']) {
      expect(await call('GET', url)).toEqual(problem('invalid-request', 400));
    }
    expect(await call('GET', 'filtered?status=a&status=%00')).toEqual(
      problem('invalid-request', 400, { parameter: 'status' }),
    );
  });

  it('are described in the OpenAPI document', () => {
    const { paths } = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    const parametersOf = (path: string) =>
      paths[`/api/things/${path}`]?.get?.parameters?.map((parameter) => ({ required: false, ...parameter }));
    expect(parametersOf('read')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'Daybook-Min-Position', in: 'header', required: false }),
        expect.objectContaining({ name: 'asOf', in: 'query', required: false }),
      ]),
    );
    expect(parametersOf('list')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          name: 'limit',
          in: 'query',
          schema: { type: 'integer', minimum: 1, maximum: 1000, default: 50 },
        }),
        expect.objectContaining({ name: 'cursor', in: 'query' }),
      ]),
    );
  });
});

describe('lists', () => {
  it('link to the next page until there is none', async () => {
    const first = await call('GET', 'list?limit=100');
    expect(first.json.nextCursor).toBe('100');
    expect(first.headers.link).toBe('</api/things/list?limit=100&cursor=100>; rel="next"');
    const last = await call('GET', 'list?limit=100&cursor=100');
    expect(last.json).toEqual({ items: Array.from({ length: 20 }, (_, n) => n + 100), nextCursor: null });
    expect(last.headers).not.toHaveProperty('link');
  });

  it('are streamed as the caller accepts them', async () => {
    const csv = await call('GET', 'rows/3', { headers: { accept: 'text/csv' } });
    expect(csv.body).toBe('n\r\n0\r\n1\r\n2\r\n');
    expect(csv.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      vary: 'Accept',
    });
    const ndjson = await call('GET', 'rows/3', { headers: { accept: 'application/x-ndjson' } });
    expect(ndjson.body.split('\n')).toHaveLength(4);
    expect(ndjson.headers['content-type']).toBe('application/x-ndjson');
    expect(await call('GET', 'rows/3', { headers: { accept: 'image/png' } })).toEqual(
      problem('not-acceptable', 406),
    );
  });

  it('answer a problem when their source fails before the first row', async () => {
    expect(await call('GET', 'rows/0', { headers: { accept: 'application/x-ndjson' } })).toEqual(
      problem('internal-error', 500),
    );
  });

  it('are broken off, never ended as if complete, when their source fails later', async () => {
    const { port } = app.getHttpServer().address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/api/things/rows/100`, {
      headers: { accept: 'application/x-ndjson' },
    });
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
  });
});
