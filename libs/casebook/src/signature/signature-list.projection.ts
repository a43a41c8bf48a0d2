import type { Pool } from 'pg';
import { siteList } from '#access';
import { fits, rowsAsOf, type Slice } from '../lists.projection.js';
import { numberOf } from '../numbers.js';
import { lastDepartures } from '../transfer/transfer.projection.js';
import { type SignatureRow, signatureRows } from './signature.projection.js';
import type { SignatureState } from './signature-state.js';

export interface SignatureFilter {
  readonly subject?: string | undefined;
  readonly site?: string | undefined;
  readonly status?: string | undefined;
}

/** A signature, and the site that its subject belongs to. */
export interface ListedSignature {
  readonly subject: string;
  readonly site: string;
  readonly state: SignatureState;
}

export type SignaturePlace = readonly [subject: string, number: number];

/** What either half of the list is asked. */
const ASKED = `(subject, number) > ($2, $3) AND ($5::text IS NULL OR site = $5)
  AND ($6::text IS NULL OR subject = $6) AND ($7::text IS NULL OR status = $7)
  ORDER BY subject, number LIMIT $8`;

/** Signatures by subject key and number; of subjects that left, as they then were. */
export async function listSignatures(
  pool: Pool,
  { study, sites, after, limit }: Slice<SignaturePlace>,
  { subject, site, status }: SignatureFilter,
): Promise<ListedSignature[]> {
  const { rows } = await pool.query<ListedSignature>(
    `SELECT subject, site, state FROM (
       (SELECT * FROM (SELECT g.*, s.site FROM signature g JOIN subject s USING (study, subject)
                       WHERE study = $1 AND ($4::text[] IS NULL OR s.site = ANY($4))) AS here
        WHERE ${ASKED})
       UNION ALL
       (SELECT * FROM (SELECT g.*, d.site FROM ${lastDepartures('$1', '$4')} AS d,
                         json_populate_recordset(NULL::signature, d.signatures) AS g) AS gone
        WHERE ${ASKED})) AS one
     ORDER BY subject, number LIMIT $8`,
    [study, ...(after ?? ['', 0]), siteList(sites), site, subject, status, limit],
  );
  return rows;
}

/** The same list as it was after a position of the log. */
export async function listSignaturesAsOf(
  pool: Pool,
  { study, sites, after, limit }: Slice<SignaturePlace>,
  filter: SignatureFilter,
  position: number,
): Promise<ListedSignature[]> {
  const [subject, number] = after ?? ['', 0];
  const all = await rowsAsOf<SignatureRow>(pool, { study, sites }, position, signatureRows);
  return all
    .filter(
      (one) =>
        (one.subject > subject || (one.subject === subject && numberOf(one.state.signature) > number)) &&
        fits(filter.site, one.site) &&
        fits(filter.subject, one.subject) &&
        fits(filter.status, one.state.status),
    )
    .sort((a, b) =>
      a.subject === b.subject
        ? numberOf(a.state.signature) - numberOf(b.state.signature)
        : a.subject < b.subject
          ? -1
          : 1,
    )
    .slice(0, limit);
}
