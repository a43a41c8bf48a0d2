import type { Table } from '#tabular';
import { type ApiOptions, SyncApi } from './sync-api.js';
import { syncDataset } from './sync-dataset.js';
import { NotVerified, SyncError } from './sync-error.js';
import { type FileFormat, writeFiles } from './sync-files.js';
import type { SyncProgress } from './sync-progress.js';
import { checkLog } from './sync-proof.js';
import { type CopiedDataset, type CopyState, CopyStore } from './sync-store.js';

export interface SyncRequest extends Omit<ApiOptions, 'note'> {
  readonly directory: string;
  /** By default that of the copy, or the only one that the account sees. */
  readonly study?: string | undefined;
  readonly format: FileFormat;
  /** A position or an instant; by default all that there is. */
  readonly asOf?: string | undefined;
  /** Names; by default all that the account sees. */
  readonly datasets?: readonly string[] | undefined;
  readonly progress: SyncProgress;
}

export interface SyncReport {
  readonly study: string;
  readonly position: number;
  readonly datasets: number;
  /** Rows that came over the wire to be put in, and keys to be taken out. */
  readonly upserts: number;
  readonly deletes: number;
  /** Names of the files that were written. */
  readonly files: readonly string[];
}

/**
 * Makes a directory the copy of a study's datasets at one position: all of them at first, later what changed.
 * A sync that was cut off leaves the earlier copy, and is finished by the next before that looks for more.
 *
 * @throws SyncError
 */
export async function syncStudy(request: SyncRequest): Promise<SyncReport> {
  const { progress } = request;
  const api = new SyncApi({ ...request, note: progress.note });
  const store = new CopyStore(request.directory);
  await store.open();
  const sum = { upserts: 0, deletes: 0 };
  try {
    const begun = await store.state('next');
    if (begun && request.asOf === undefined) {
      progress.note(`finishing the sync to position ${begun.position} that was cut off`);
      await bringTo(api, store, request, sum, String(begun.position));
    }
    const state = await bringTo(api, store, request, sum, request.asOf);
    const files = await writeFiles(store, state, request.format);
    const { study, position, datasets } = state;
    return { study, position, datasets: Object.keys(datasets).length, ...sum, files };
  } finally {
    progress.end();
  }
}

async function bringTo(
  api: SyncApi,
  store: CopyStore,
  request: SyncRequest,
  sum: { upserts: number; deletes: number },
  asOf: string | undefined,
): Promise<CopyState> {
  const { progress } = request;
  const standing = await store.state('state');
  const study = await studyOf(api, request.study, standing);
  const at = asOf === undefined ? '' : `?asOf=${encodeURIComponent(asOf)}`;
  const { position, items } = (await api.json(`/studies/${encodeURIComponent(study)}/datasets${at}`)) as {
    position: number;
    items: Table[];
  };
  if (standing && position < standing.position)
    throw asOf === undefined
      ? new NotVerified(`the log ends at position ${position}; the copy is of ${standing.position}`)
      : new SyncError(
          `the copy is of position ${standing.position} already: an earlier state goes into another directory`,
          2,
        );
  const grants = await grantsOf(api, study);
  const isSame = (state: CopyState | undefined) => state?.grants === grants;
  const checkpoint = await checkLog(api, store, study, position, standing?.checkpoint);
  const tables = chosen(items, request.datasets, standing, progress);
  const begun = await store.state('next');
  const resumed =
    begun?.position === position && begun.study === study && isSame(begun) ? begun.datasets : {};

  const datasets: Record<string, CopiedDataset> = {};
  for (const [done, table] of tables.entries()) {
    progress.dataset(table.name, done, tables.length);
    const old = isSame(standing) ? standing!.datasets[table.name] : undefined;
    const ready = resumed[table.name];
    if (ready) {
      datasets[table.name] = ready;
      continue;
    }
    const base = old && { dataset: old, from: standing!.position };
    const { dataset, upserts, deletes } = await syncDataset(api, store, { study, table, base, to: position });
    datasets[table.name] = dataset;
    sum.upserts += upserts;
    sum.deletes += deletes;
    await store.keep('next', { study, position, checkpoint, grants, datasets });
  }
  const state = { study, position, checkpoint, grants, datasets };
  await store.commit(state);
  return state;
}

async function studyOf(api: SyncApi, wanted: string | undefined, standing: CopyState | undefined) {
  if (standing && wanted !== undefined && wanted !== standing.study)
    throw new SyncError(`the directory holds a copy of ${standing.study}, not of ${wanted}`, 2);
  const known = wanted ?? standing?.study;
  if (known !== undefined) return known;
  const { items } = (await api.json('/studies')) as { items: { study: string }[] };
  const [only, ...others] = items;
  if (!only || others.length > 0)
    throw new SyncError(
      `--study is one of: ${items.map(({ study }) => study).join(', ') || '(none is visible)'}`,
      2,
    );
  return only.study;
}

/** What decides which rows the account is given. */
async function grantsOf(api: SyncApi, study: string): Promise<string> {
  const { grants } = (await api.json('/me')) as { grants: { study: string }[] };
  return JSON.stringify(
    grants
      .filter((grant) => grant.study === study || grant.study === '*')
      .map((grant) => JSON.stringify(grant))
      .sort(),
  );
}

/** Those asked for. One that the copy has and the account sees no more is left out, and said so. */
function chosen(
  tables: readonly Table[],
  wanted: readonly string[] | undefined,
  standing: CopyState | undefined,
  progress: SyncProgress,
): readonly Table[] {
  const had = Object.keys(standing?.datasets ?? {});
  const seen = new Set(tables.map(({ name }) => name));
  for (const name of had) if (!seen.has(name)) progress.note(`${name} is there no more: it leaves the copy`);
  const unknown = wanted?.filter((name) => !seen.has(name) && !had.includes(name)) ?? [];
  if (unknown.length > 0)
    throw new SyncError(`no dataset ${unknown.join(', ')}; there are ${[...seen].join(', ')}`, 2);
  return wanted ? tables.filter(({ name }) => wanted.includes(name)) : tables;
}
