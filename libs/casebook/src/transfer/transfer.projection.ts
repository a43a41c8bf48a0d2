import { Column, Entity, PrimaryColumn } from 'typeorm';
import { readModel } from '#event-store';
import type { Casebook } from '../casebook.js';
import type { QueryRow } from '../query/query.projection.js';
import type { SignatureRow } from '../signature/signature.projection.js';

/** One row a site that a subject was transferred from: what the lists there show of it, as it was when it left last. */
@Entity('departure')
export class DepartureRow {
  @PrimaryColumn('text') study!: string;
  @PrimaryColumn('text') subject!: string;
  @PrimaryColumn('text') site!: string;
  /** Of the casebook when it left; the transfer is the next. */
  @Column('integer') revision!: number;
  /** When the transfer was recorded. */
  @Column('timestamptz') departed!: string;
  @Column('text') series!: string;
  @Column('integer') number!: number;
  @Column('text') status!: 'transferred';
  @Column('text', { nullable: true }) arm!: string | null;
  @Column('integer') definition!: number;
  @Column('date') consented!: string;
  @Column('timestamptz') enrolled!: string;
  @Column('integer') openqueries!: number;
  @Column('json') queries!: readonly QueryRow[];
  @Column('json') signatures!: readonly SignatureRow[];
}

export const departureRows = readModel(DepartureRow);

/**
 * One a site, as the subject left it last.
 *
 * @param rowOf a casebook, what the lists show of it
 */
export function departureRowsBetween(
  before: Casebook,
  after: Casebook,
  rowOf: (left: Casebook) => Omit<DepartureRow, 'status' | 'revision' | 'departed'>,
): DepartureRow[] {
  const bySite = new Map(after.left.slice(before.left.length).map((left) => [left.casebook.site, left]));
  return Array.from(bySite.values(), ({ casebook, at }) => ({
    ...rowOf(casebook),
    status: 'transferred',
    revision: casebook.revision,
    departed: at,
  }));
}

/**
 * In SQL what `reachFrom` says of the subjects that left some sites and are at none of them now: the last departure
 * from one of these, a row a subject. No site list (null) stands for all sites, which nobody leaves.
 *
 * @param study expression in SQL, as is `sites`
 */
export const lastDepartures = (study: string, sites: string) => `(
  SELECT DISTINCT ON (d.subject) d.*
  FROM departure d JOIN subject s ON s.study = d.study AND s.subject = d.subject
  WHERE d.study = ${study} AND d.site = ANY(${sites}::text[]) AND s.site <> ALL(${sites}::text[])
  ORDER BY d.subject, d.revision DESC)`;
