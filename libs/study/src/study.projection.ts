import type { Pool } from 'pg';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type RecordedEvent, type RowSet, readModel } from '#event-store';
import type { Publications } from './publication.js';
import { evolveSite, noSite, type Site } from './site.js';

@Entity('study')
export class StudyRow {
  @PrimaryColumn('text') study!: string;
  @Column('text') name!: string;
  /** The current definition's. */
  @Column('integer') version!: number;
}

@Entity('site')
export class SiteRow implements Site {
  @PrimaryColumn('text') study!: string;
  @PrimaryColumn('text') site!: string;
  @Column('text') name!: string;
  @Column('text') country!: string;
  @Column('boolean') open!: boolean;
}

export const studyRows = readModel(StudyRow);
export const siteRows = readModel(SiteRow);

export function projectPublications(
  _: Publications,
  { versions }: Publications,
  [event]: readonly RecordedEvent[],
): RowSet[] {
  const current = versions.at(-1);
  if (!current || !event) return [];
  return [
    {
      model: studyRows,
      rows: [{ study: event.log, name: current.definition.study.name, version: versions.length }],
    },
  ];
}

export function projectSite(_: Site, site: Site, [event]: readonly RecordedEvent[]): RowSet[] {
  return event ? [{ model: siteRows, rows: [{ study: event.log, ...site }] }] : [];
}

/** A study's sites, by their codes. */
export async function listSites(pool: Pool, study: string): Promise<Site[]> {
  const { rows } = await pool.query<Site>(
    'SELECT site, name, country, open FROM site WHERE study = $1 ORDER BY site COLLATE "C"',
    [study],
  );
  return rows;
}

/** The same as they stood after a position of the log. */
export async function listSitesAsOf(pool: Pool, study: string, position: number): Promise<Site[]> {
  const { rows } = await pool.query<{ stream: string; entry: string }>(
    `SELECT stream, entry FROM event WHERE log = $1 AND position <= $2 AND stream LIKE 'site/%' ORDER BY position`,
    [study, position],
  );
  const sites = new Map<string, Site>();
  for (const { stream, entry } of rows)
    sites.set(stream, evolveSite(sites.get(stream) ?? noSite, JSON.parse(entry)));
  return [...sites.values()].sort((a, b) => (a.site < b.site ? -1 : 1));
}
