import { SyncError, Unreachable } from './sync-error.js';

/** What `POST /auth/token` takes. */
export type Credentials =
  | { readonly clientId: string; readonly clientSecret: string }
  | { readonly email: string; readonly password: string };

/** The waits, in seconds, before a request is tried again: a server that restarts is back within them. */
const WAITS = [1, 2, 4, 8, 16, 30];
const LATER = new Set([429, 502, 503, 504]);

export interface ApiOptions {
  readonly url: string;
  readonly credentials: Credentials;
  /** Waits so many seconds. */
  readonly wait: (seconds: number) => Promise<unknown>;
  /** Told of each wait. */
  readonly note: (line: string) => void;
}

/** Reads from the API of a server as an account; signs in when it has to. */
export class SyncApi {
  private token: string | undefined;
  private readonly base: string;

  constructor(private readonly options: ApiOptions) {
    this.base = `${options.url.replace(/\/+$/, '')}/api/v1`;
  }

  /** Does all of `work` again where the server went away in the middle of it. @throws SyncError */
  async retried<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await work();
      } catch (error) {
        const seconds = WAITS[tries];
        if (!(error instanceof Unreachable) || seconds === undefined) throw error;
        const wait = Math.max(seconds, error.retryAfterSeconds ?? 0);
        this.options.note(`${error.message}; trying again in ${wait} s`);
        await this.options.wait(wait);
      }
    }
  }

  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is for whoever asked to say
  json(path: string): Promise<any> {
    return this.retried(async () => JSON.parse(await this.text(path, 'application/json')));
  }

  /** A whole answer as text. */
  async text(path: string, accept: string, headers: Record<string, string> = {}): Promise<string> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of this.stream(path, accept, headers))
      text += decoder.decode(chunk, { stream: true });
    return text + decoder.decode();
  }

  /** An answer's bytes as they come. @throws Unreachable where they stop before their end */
  async *stream(
    path: string,
    accept: string,
    headers: Record<string, string> = {},
  ): AsyncGenerator<Uint8Array> {
    const { body } = await this.get(path, { Accept: accept, ...headers });
    if (!body) return;
    try {
      yield* body;
    } catch (error) {
      throw new Unreachable(`the answer broke off (${causeOf(error)})`);
    }
  }

  private async get(path: string, headers: Record<string, string>): Promise<Response> {
    const hadToken = this.token !== undefined;
    this.token ??= await this.signIn();
    const answer = await this.send(path, { headers: { ...headers, Authorization: `Bearer ${this.token}` } });
    if (answer.status === 401 && hadToken) {
      this.token = undefined;
      await answer.body?.cancel();
      return this.get(path, headers);
    }
    return answer.ok ? answer : refuse(path, answer);
  }

  private async signIn(): Promise<string> {
    const answer = await this.send('/auth/token', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(this.options.credentials),
    });
    if (!answer.ok) await refuse('/auth/token', answer);
    const { accessToken } = (await answer.json()) as { accessToken: string };
    return accessToken;
  }

  private async send(path: string, init: RequestInit): Promise<Response> {
    let answer: Response;
    try {
      answer = await fetch(this.base + path, init);
    } catch (error) {
      throw new Unreachable(`no answer from ${this.options.url} (${causeOf(error)})`);
    }
    if (!LATER.has(answer.status)) return answer;
    await answer.body?.cancel();
    const after = Number(answer.headers.get('retry-after'));
    throw new Unreachable(
      `${this.options.url} is not ready (${answer.status})`,
      Number.isFinite(after) ? Math.min(after, 300) : undefined,
    );
  }
}

async function refuse(path: string, answer: Response): Promise<never> {
  const text = await answer.text();
  const { title, detail } = parsed(text);
  throw new SyncError(`${path}: ${answer.status} ${[title, detail].filter(Boolean).join(': ')}`);
}

function parsed(text: string): { title?: string; detail?: string } {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function causeOf(error: unknown): string {
  const { cause, message } = error as Error;
  return (cause as Error | undefined)?.message || message;
}
