import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type RecordedEvent, type RowSet, readModel } from '#event-store';
import type { Publications } from './publication.js';
import type { Site } from './site.js';

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
