import type { ClientBase, Pool } from 'pg';
import { type Sites, siteList } from '#access';
import type { Anew } from '#commands';
import type { Fold, ReadModel, RecordedEvent } from '#event-store';
import type { CompiledStudy, Studies } from '#study';
import type { Casebook } from '../casebook.js';
import { SUBJECTS, sealedPlace } from '../casebook-stream.js';
import type { FormState } from '../form/form-state.js';
import type { Change } from '../held.js';
import { likenessesOf, type PersonKey } from './duplicate.js';
import { seesErased } from './erasure.projection.js';
import { unseal } from './seal.js';
import type { SubjectKeys } from './subject-key.table.js';

/**
 * Follows every log: the fingerprints of each subject, and who is to be looked at again because they changed.
 * Events come in one order whichever node took them, so of two subjects alike the later one finds the earlier.
 */
export function foldDuplicates(studies: Studies, keys: SubjectKeys): Fold {
  return async (client, log, events) => {
    const compared = await comparedIn(studies, log);
    if (compared.size === 0) return;
    const touched = new Set(events.filter((event) => touches(event, compared)).map(({ stream }) => stream));
    for (const stream of touched)
      await refresh({ client, studies, keys }, log, stream.slice(SUBJECTS.length));
  };
}

/** The same from the whole log. Everybody who is compared is due. */
export function duplicatesAnew(studies: Studies, keys: SubjectKeys): Anew {
  return async (log) => {
    const compared = await comparedIn(studies, log);
    const due: object[] = [];
    return {
      async rowsOf({ events, state }) {
        if (!events.some((event) => touches(event, compared))) return [];
        const { subject, definition, forms, erasedAt } = state as Casebook;
        due.push({ study: log, subject });
        const followed = await studies.version(log, definition);
        const key = erasedAt === undefined ? await keys.of(log, subject) : undefined;
        const person = { study: log, subject, forms: Object.values(forms) };
        const prints = key ? printsOf(person, followed, key, keys) : [];
        const rows = prints.map((print) => ({ study: log, subject, ...print }));
        return [{ model: fingerprintRows, rows }];
      },
      rest: () => [{ model: dueRows, rows: due }],
    };
  };
}

export const fingerprintRows: ReadModel = {
  table: 'subject_fingerprint',
  columns: ['study', 'subject', 'visit', 'form', 'items', 'hash'],
  key: ['study', 'subject', 'visit', 'form', 'hash'],
};
const dueRows: ReadModel = {
  table: 'duplicate_due',
  columns: ['study', 'subject'],
  key: ['study', 'subject'],
};

/** What any version of a study compares. */
async function comparedIn(studies: Studies, log: string): Promise<ReadonlySet<string>> {
  const { versions } = await studies.publications(log);
  return new Set(versions.flatMap(({ definition }) => definition.duplicates?.keys.flat() ?? []));
}

function touches({ type, stream, data }: RecordedEvent, compared: ReadonlySet<string>): boolean {
  if (!stream.startsWith(SUBJECTS)) return false;
  const { changes = [] } = data as { changes?: readonly Change[] };
  return (
    type === 'DefinitionAdopted' ||
    type === 'IdentityErased' ||
    changes.some(({ item }) => compared.has(item))
  );
}

interface Sources {
  readonly client: ClientBase;
  readonly studies: Studies;
  readonly keys: SubjectKeys;
}

/** Makes a subject's fingerprints anew; whoever shared one, or shares one now, is due. */
async function refresh({ client, studies, keys }: Sources, study: string, subject: string): Promise<void> {
  const { rows } = await client.query<{ definition: number; state: FormState }>(
    `SELECT s.definition, f.state FROM subject s JOIN form f USING (study, subject)
     WHERE study = $1 AND subject = $2`,
    [study, subject],
  );
  const key = (await seesErased(client, study, subject)) ? undefined : await keys.of(study, subject);
  const followed = rows[0] && (await studies.version(study, rows[0].definition));
  const forms = rows.map(({ state }) => state);
  const prints = key && followed ? printsOf({ study, subject, forms }, followed, key, keys) : [];
  await client.query(
    `WITH fresh AS (SELECT * FROM json_to_recordset($3) AS f(visit text, form text, items text[], hash text)),
       gone AS (DELETE FROM subject_fingerprint p WHERE study = $1 AND subject = $2 RETURNING p.hash)
     INSERT INTO duplicate_due (study, subject)
     SELECT DISTINCT $1, o.subject FROM subject_fingerprint o
     WHERE o.study = $1 AND o.hash IN (SELECT hash FROM fresh UNION SELECT hash FROM gone)
     UNION SELECT $1, $2
     ON CONFLICT DO NOTHING`,
    [study, subject, JSON.stringify(prints)],
  );
  await client.query(
    `INSERT INTO subject_fingerprint (study, subject, visit, form, items, hash)
     SELECT $1, $2, visit, form, items, hash
     FROM json_to_recordset($3) AS f(visit text, form text, items text[], hash text)`,
    [study, subject, JSON.stringify(prints)],
  );
}

interface Compared {
  readonly study: string;
  readonly subject: string;
  readonly forms: readonly FormState[];
}

function printsOf(
  { study, subject, forms }: Compared,
  followed: CompiledStudy,
  key: Buffer,
  keys: SubjectKeys,
) {
  const likenesses = likenessesOf(forms, followed, (form, item, sealed) =>
    unseal(key, sealedPlace(study, subject, form, item), sealed),
  );
  return likenesses.map(({ text, ...person }) => ({ ...person, hash: keys.fingerprint(study, text) }));
}

/** What of a subject is alike another one's. */
export async function matchesOf(pool: Pool, study: string, subject: string): Promise<PersonKey[]> {
  const { rows } = await pool.query<PersonKey>(
    `SELECT visit, form, items FROM subject_fingerprint p
     WHERE study = $1 AND subject = $2 AND EXISTS (
       SELECT FROM subject_fingerprint o WHERE o.study = $1 AND o.hash = p.hash AND o.subject <> $2)
     ORDER BY visit, form, items`,
    [study, subject],
  );
  return rows;
}

/** Two subjects who are alike, in the order of their keys, and in what. */
export interface DuplicatePair {
  readonly first: string;
  readonly firstSite: string;
  readonly second: string;
  readonly secondSite: string;
  readonly items: readonly string[];
}

/** Pairs of which both are at the caller's sites. */
export async function listDuplicates(
  pool: Pool,
  study: string,
  sites: Sites,
  after: readonly [string, string] | undefined,
  limit: number,
): Promise<DuplicatePair[]> {
  const { rows } = await pool.query<DuplicatePair>(
    `SELECT a.subject AS first, s.site AS "firstSite", b.subject AS second, t.site AS "secondSite",
       array_agg(DISTINCT item ORDER BY item) AS items
     FROM subject_fingerprint a JOIN subject_fingerprint b ON b.study = a.study AND b.hash = a.hash
       JOIN subject s ON s.study = a.study AND s.subject = a.subject
       JOIN subject t ON t.study = b.study AND t.subject = b.subject, unnest(a.items) AS item
     WHERE a.study = $1 AND a.subject < b.subject AND (a.subject, b.subject) > ($2, $3)
       AND ($4::text[] IS NULL OR (s.site = ANY($4) AND t.site = ANY($4)))
     GROUP BY 1, 2, 3, 4 ORDER BY 1, 3 LIMIT $5`,
    [study, ...(after ?? ['', '']), siteList(sites), limit],
  );
  return rows;
}
