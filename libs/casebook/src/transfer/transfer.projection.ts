import { Column, Entity, PrimaryColumn } from 'typeorm';
import { readModel } from '#event-store';
import type { Casebook } from '../casebook.js';

/** One row a site that a subject was transferred from: how the list there shows it, as it was when it left. */
@Entity('departure')
export class DepartureRow {
  @PrimaryColumn('text') study!: string;
  @PrimaryColumn('text') subject!: string;
  @PrimaryColumn('text') site!: string;
  /** Of the casebook when it left: the latest counts for whoever has grants at several such sites. */
  @Column('integer') revision!: number;
  @Column('text') series!: string;
  @Column('integer') number!: number;
  @Column('text') status!: 'transferred';
  @Column('text', { nullable: true }) arm!: string | null;
  @Column('integer') definition!: number;
  @Column('date') consented!: string;
  @Column('timestamptz') enrolled!: string;
  @Column('integer') openqueries!: number;
}

export const departureRows = readModel(DepartureRow);

/** @param row of a casebook in the list of subjects */
export function departureRowsBetween(
  before: Casebook,
  after: Casebook,
  row: (left: Casebook) => Omit<DepartureRow, 'status' | 'revision'>,
): DepartureRow[] {
  return after.left
    .slice(before.left.length)
    .map(({ casebook }) => ({ ...row(casebook), status: 'transferred', revision: casebook.revision }));
}
