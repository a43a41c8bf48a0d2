import { Column, Entity, PrimaryColumn } from 'typeorm';
import { readModel } from '#event-store';
import type { Casebook } from '../casebook.js';
import { type AdjudicationStatus, adjudicationStatus } from './adjudication-state.js';

/** One row a subject who died, or was taken to be dead. */
@Entity('adjudication')
export class AdjudicationRow {
  @PrimaryColumn('text') study!: string;
  @PrimaryColumn('text') subject!: string;
  @Column('text') status!: AdjudicationStatus;
  /** As recorded, perhaps incomplete; null once retracted. */
  @Column('text', { nullable: true }) died!: string | null;
  /** Ids of those who gave their opinions. */
  @Column('text', { array: true }) members!: string[];
}

export const adjudicationRows = readModel(AdjudicationRow);

/** None where nothing changed that the list shows. */
export function adjudicationRowsBetween(before: Casebook, after: Casebook, study: string): AdjudicationRow[] {
  if (before.died === after.died && before.adjudication === after.adjudication && !isNew(before, after))
    return [];
  return [
    {
      study,
      subject: after.subject,
      status: adjudicationStatus(after),
      died: after.died ?? null,
      members: after.adjudication?.opinions.map(({ by }) => by) ?? [],
    },
  ];
}

/** From nothing all rows are made, also that of a death which was retracted. */
const isNew = (before: Casebook, after: Casebook) => before.deathRetracted !== after.deathRetracted;
