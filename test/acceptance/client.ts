import { randomUUID } from 'node:crypto';
import { contractOf } from './contract.js';

export interface Answer {
  status: number;
  headers: Headers;
  /** Parsed where the answer is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the server said
  body: any;
  text: string;
}

/** What describes the API is no part of it. */
const DOCUMENTS = /^\/api\/(docs|openapi\.)/;

type Options = { headers?: Record<string, string>; key?: string };

/**
 * A client of the API in one person's name; every write carries a fresh Idempotency-Key unless given one. An
 * answer that is not what the server's own OpenAPI document declares is an error.
 */
export class ApiClient {
  constructor(
    private readonly base: string,
    readonly token?: string,
  ) {}

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('GET', path, undefined, headers);
  }

  post(path: string, body: unknown, options: Options = {}): Promise<Answer> {
    return this.write('POST', path, body, options);
  }

  put(path: string, body: unknown, options: Options = {}): Promise<Answer> {
    return this.write('PUT', path, body, options);
  }

  patch(path: string, body: unknown, options: Options = {}): Promise<Answer> {
    return this.write('PATCH', path, body, options);
  }

  delete(path: string, body: unknown, options: Options = {}): Promise<Answer> {
    return this.write('DELETE', path, body, options);
  }

  /** A body as it is, to show the server what no serialiser would write. */
  raw(
    method: string,
    path: string,
    text: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return this.fetch(method, path, text, {
      'Content-Type': 'application/json',
      'Idempotency-Key': randomUUID(),
      ...headers,
    });
  }

  private write(
    method: string,
    path: string,
    body: unknown,
    { headers = {}, key = randomUUID() }: Options,
  ): Promise<Answer> {
    return this.send(method, path, body, { 'Idempotency-Key': key, ...headers });
  }

  private send(
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<Answer> {
    const json = body === undefined ? {} : { 'Content-Type': 'application/json' };
    return this.fetch(method, path, body === undefined ? undefined : JSON.stringify(body), {
      ...json,
      ...headers,
    });
  }

  private async fetch(
    method: string,
    path: string,
    body: string | Uint8Array<ArrayBuffer> | undefined,
    headers: Record<string, string>,
  ): Promise<Answer> {
    const authorization = this.token ? { Authorization: `Bearer ${this.token}` } : {};
    const response = await fetch(this.base + path, {
      method,
      headers: { ...authorization, ...headers },
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    const isJson =
      /json/.test(response.headers.get('content-type') ?? '') &&
      !/ndjson/.test(response.headers.get('content-type')!);
    const { status } = response;
    const answer = {
      status,
      headers: response.headers,
      body: isJson && text ? JSON.parse(text) : undefined,
      text,
    };
    const { origin, pathname } = new URL(response.url);
    if (!DOCUMENTS.test(pathname)) (await contractOf(origin)).check({ method, path: pathname, ...answer });
    return answer;
  }
}
