import type { Pool } from 'pg';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type Sites, siteList } from '#access';
import type { Anew, Streams } from '#commands';
import { type Fold, type RecordedEvent, readModel, upsertRows } from '#event-store';
import type { CompiledStudy, Studies } from '#study';
import { grouped } from '#values';
import { formKey, type ItemAddress } from '../address.js';
import type { Casebook } from '../casebook.js';
import { casebooks, SUBJECTS } from '../casebook-stream.js';
import type { FormState } from '../form/form-state.js';
import type { Slice } from '../lists.projection.js';
import { wholeCasebooksAsOf } from '../past.projection.js';
import { among } from '../transfer/transfer-reach.js';
import { dueOf, verificationDue } from './verification-due.js';

/** One row a form of which the plan has anything verified, now or once. */
@Entity('verification')
export class VerificationRow {
  @PrimaryColumn('text') study!: string;
  @PrimaryColumn('text') subject!: string;
  @PrimaryColumn('text') visit!: string;
  @PrimaryColumn('text') form!: string;
  @Column('text') site!: string;
  @Column('integer') planned!: number;
  @Column('integer') verified!: number;
  @Column('json') pending!: readonly ItemAddress[];
}

export const verificationRows = readModel(VerificationRow);

/**
 * Follows every log: what of a form is still to be verified, in the terms of the definition that its casebook
 * follows. Rows follow from the casebook as it is now, which is never older than the event.
 */
export function foldVerification(streams: Streams, studies: Studies): Fold {
  return async (client, log, events) => {
    const touched = grouped(events.flatMap(touchedBy), ({ stream }) => stream);
    if (touched.size === 0) return;
    const least = new Map(Array.from(touched, ([stream, own]) => [stream, own.at(-1)!.revision]));
    const rows: VerificationRow[] = [];
    for (const [stream, { state: casebook }] of await streams.currentOf(log, least, casebooks)) {
      const { forms, definition } = casebook;
      const keys = touched.get(stream)!.flatMap(({ form }) => form ?? Object.keys(forms));
      const states = [...new Set(keys)].flatMap((key) => forms[key] ?? []);
      rows.push(...rowsOf(casebook, states, log, await studies.version(log, definition)));
    }
    await upsertRows(client, [{ model: verificationRows, rows }]);
  };
}

/** The same from the whole log: a row each form. */
export function verificationAnew(studies: Studies): Anew {
  return async (log) => ({
    async rowsOf({ stream, state }) {
      if (!stream.startsWith(SUBJECTS)) return [];
      const casebook = state as Casebook;
      const study = await studies.version(log, casebook.definition);
      return [{ model: verificationRows, rows: rowsOf(casebook, Object.values(casebook.forms), log, study) }];
    },
  });
}

function rowsOf(
  { subject, site }: Casebook,
  forms: readonly FormState[],
  log: string,
  study: CompiledStudy,
): VerificationRow[] {
  const isPlanned = study.verification.of(subject);
  return forms.map((state) => {
    const { visit, form } = state;
    const { planned, verified, pending } = dueOf(state, isPlanned, study);
    return { study: log, subject, visit, form, site, planned, verified, pending };
  });
}

interface Touched {
  readonly stream: string;
  readonly revision: number;
  /** Its key; all of them, where there is none. */
  readonly form?: string;
}

/** The form that an event is about; for what concerns the whole casebook, none in particular. */
function touchedBy({ type, stream, revision, data }: RecordedEvent): Touched[] {
  if (!stream.startsWith(SUBJECTS)) return [];
  const whole = { stream, revision };
  const { visit, form, query, changes, items, definition, site } = data as Record<string, unknown>;
  // A step of a query; what is entered because of one changes items.
  if (query !== undefined && !changes) return [];
  if (type === 'SubjectTransferred') return [whole];
  if (typeof visit === 'string' && typeof form === 'string')
    return changes || items ? [{ ...whole, form: formKey({ visit, form }) }] : [];
  return definition !== undefined || site !== undefined ? [whole] : [];
}

export interface PendingFilter {
  readonly site?: string | undefined;
  readonly subject?: string | undefined;
}

export type FormPlace = readonly [subject: string, visit: string, form: string];

/** Forms with something still to be verified, by subject, visit and form. */
export async function listPending(
  pool: Pool,
  { study, sites, after, limit }: Slice<FormPlace>,
  { site, subject }: PendingFilter,
): Promise<VerificationRow[]> {
  const { rows } = await pool.query<VerificationRow>(
    `SELECT * FROM verification WHERE study = $1 AND verified < planned
       AND (subject, visit, form) > ($2, $3, $4) AND ($5::text[] IS NULL OR site = ANY($5))
       AND ($6::text IS NULL OR site = $6) AND ($7::text IS NULL OR subject = $7)
     ORDER BY subject, visit, form LIMIT $8`,
    [study, ...(after ?? ['', '', '']), siteList(sites), site, subject, limit],
  );
  return rows;
}

/** The same list as it was after a position of the log. */
export async function listPendingAsOf(
  { pool, studies }: { readonly pool: Pool; readonly studies: Studies },
  { study, sites, after, limit }: Slice<FormPlace>,
  filter: PendingFilter,
  position: number,
): Promise<VerificationRow[]> {
  const from = after?.[0] ?? '';
  const found: VerificationRow[] = [];
  for await (const casebook of wholeCasebooksAsOf(pool, study, position, { from, only: filter.subject })) {
    const { subject, site, definition, forms } = casebook;
    if (!among(sites)(site) || (filter.site !== undefined && filter.site !== site)) continue;
    const followed = await studies.version(study, definition);
    const rows = Object.values(forms)
      .map((form) => ({
        study,
        subject,
        site,
        visit: form.visit,
        form: form.form,
        ...verificationDue(form, subject, followed),
      }))
      .filter((row) => row.verified < row.planned && (!after || isBehind(after, row)))
      .sort((a, b) => (isBehind([a.subject, a.visit, a.form], b) ? -1 : 1));
    found.push(...rows);
    if (found.length >= limit) break;
  }
  return found.slice(0, limit);
}

/** Whether a form comes after a place in the list’s order. */
function isBehind(
  [subject, visit, form]: FormPlace,
  row: Pick<VerificationRow, 'subject' | 'visit' | 'form'>,
): boolean {
  if (row.subject !== subject) return row.subject > subject;
  return row.visit === visit ? row.form > form : row.visit > visit;
}

export interface SiteProgress {
  readonly site: string;
  readonly forms: number;
  readonly planned: number;
  readonly verified: number;
}

/** How much the plan has verified at each site, of what is entered there. */
export async function verificationProgress(pool: Pool, study: string, sites: Sites): Promise<SiteProgress[]> {
  const { rows } = await pool.query<SiteProgress>(
    `SELECT site, count(*)::integer AS forms,
       sum(planned)::integer AS planned, sum(verified)::integer AS verified
     FROM verification WHERE study = $1 AND planned > 0 AND ($2::text[] IS NULL OR site = ANY($2))
     GROUP BY site ORDER BY site`,
    [study, siteList(sites)],
  );
  return rows;
}
