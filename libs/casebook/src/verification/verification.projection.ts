import type { Pool } from 'pg';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Sites } from '#access';
import { type Fold, type RecordedEvent, readModel, upsertRows } from '#event-store';
import type { Studies } from '#study';
import type { FormAddress, ItemAddress } from '../address.js';
import type { FormState } from '../form/form-state.js';
import type { Slice } from '../query/lists.projection.js';
import { verificationDue } from './verification-due.js';

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

interface Followed extends FormAddress {
  readonly subject: string;
  readonly site: string;
  readonly definition: number;
  readonly state: FormState;
}

/**
 * Follows every log: what of a form is still to be verified, in the terms of the definition that its casebook
 * follows. Rows follow from the form's own row, which is never older than the event.
 */
export function foldVerification(studies: Studies): Fold {
  return async (client, log, events) => {
    const touched = events.flatMap(touchedBy);
    if (touched.length === 0) return;
    const { rows } = await client.query<Followed>({
      // Two look-ups by index: one condition for both would have every form of the study looked at.
      text: `SELECT f.subject, f.visit, f.form, f.state, s.site, s.definition
             FROM (SELECT DISTINCT * FROM unnest($3::text[], $4::text[], $5::text[])) AS t(subject, visit, form)
               JOIN form f ON f.study = $1 AND f.subject = t.subject AND f.visit = t.visit AND f.form = t.form
               JOIN subject s ON s.study = $1 AND s.subject = f.subject
             UNION ALL
             SELECT f.subject, f.visit, f.form, f.state, s.site, s.definition
             FROM form f JOIN subject s ON s.study = $1 AND s.subject = f.subject
             WHERE f.study = $1 AND f.subject = ANY($2)`,
      values: [
        log,
        touched.flatMap(({ subject, form }) => (form ? [] : subject)),
        ...(['subject', 'visit', 'form'] as const).map((name) =>
          touched.flatMap((one) => (one.form ? one[name]! : [])),
        ),
      ],
    });
    const found = await Promise.all(
      rows.map(async ({ subject, visit, form, site, definition, state }) => {
        const due = verificationDue(state, subject, await studies.version(log, definition));
        return { study: log, subject, visit, form, site, ...due };
      }),
    );
    await upsertRows(client, [{ model: verificationRows, rows: found }]);
  };
}

/** The form that an event is about; for what concerns the whole casebook, its subject alone. */
function touchedBy({ type, stream, data }: RecordedEvent): (Partial<FormAddress> & { subject: string })[] {
  if (!stream.startsWith('subject/')) return [];
  const subject = stream.slice('subject/'.length);
  const { visit, form, query, changes, items, definition, site } = data as Record<string, unknown>;
  if (query !== undefined) return [];
  if (type === 'SubjectTransferred') return [{ subject }];
  if (typeof visit === 'string' && typeof form === 'string')
    return changes || items ? [{ subject, visit, form }] : [];
  return definition !== undefined || site !== undefined ? [{ subject }] : [];
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
    [study, ...(after ?? ['', '', '']), sites === 'all' ? null : sites, site, subject, limit],
  );
  return rows;
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
    [study, sites === 'all' ? null : sites],
  );
  return rows;
}
