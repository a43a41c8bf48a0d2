import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Table } from '#tabular';

export interface CopiedDataset {
  readonly table: Table;
  readonly rows: number;
  /** Of its CSV, in hexadecimal. */
  readonly sha256: string;
  /** Its rows, in the copy's own folder. */
  readonly file: string;
}

/** A study as it was after one position. */
export interface CopyState {
  readonly study: string;
  readonly position: number;
  /** The signed note that the log was last checked by. */
  readonly checkpoint: string;
  /** What the account was granted, as JSON: with other grants the same datasets have other rows. */
  readonly grants: string;
  readonly datasets: Readonly<Record<string, CopiedDataset>>;
}

/** `state` is the copy that stands; `next`, while there is one, is the copy that is being made. */
export type StateName = 'state' | 'next';

/** DIR/.daybook. Files appear whole or not at all, and the state that names them is written after them. */
export class CopyStore {
  private readonly own: string;

  constructor(readonly directory: string) {
    this.own = join(directory, '.daybook');
  }

  async open(): Promise<void> {
    await mkdir(this.own, { recursive: true });
  }

  path(file: string): string {
    return join(this.own, file);
  }

  async state(name: StateName): Promise<CopyState | undefined> {
    return (await this.read(`${name}.json`)) as CopyState | undefined;
  }

  async keep(name: StateName, state: CopyState): Promise<void> {
    await this.write(`${name}.json`, state);
  }

  /** Makes `state` the copy that stands, and removes what it does not use. */
  async commit(state: CopyState): Promise<void> {
    await this.keep('state', state);
    await rm(this.path('next.json'), { force: true });
    const used = new Set(Object.values(state.datasets).map(({ file }) => file));
    for (const file of await readdir(this.own)) {
      if ((file.endsWith('.rows') && !used.has(file)) || file.endsWith('.part'))
        await rm(this.path(file), { force: true });
    }
  }

  async read(file: string): Promise<unknown> {
    const text = await this.text(file);
    return text === undefined ? undefined : JSON.parse(text);
  }

  async text(file: string): Promise<string | undefined> {
    try {
      return await readFile(this.path(file), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async write(file: string, value: unknown): Promise<void> {
    await this.writeText(file, `${JSON.stringify(value, null, 1)}\n`);
  }

  async writeText(file: string, text: string): Promise<void> {
    await writeDurably(this.path(file), [text]);
  }
}

/** Writes a file beside `path`, and puts it there once it is on the disk. */
export async function writeDurably(
  path: string,
  chunks: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): Promise<void> {
  const part = `${path}.part`;
  await pipeline(Readable.from(chunks, { objectMode: false }), createWriteStream(part, { flush: true }));
  await rename(part, path);
  const folder = await open(join(path, '..'));
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
