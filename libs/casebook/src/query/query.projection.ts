import { Column, Entity, PrimaryColumn } from 'typeorm';
import { readModel } from '#event-store';
import type { Casebook } from '../casebook.js';
import { numberOf } from '../numbers.js';
import { itemsOf, type QueryState } from './query-state.js';

/** One row a data query. */
@Entity('query')
export class QueryRow {
  @PrimaryColumn('text') study!: string;
  @PrimaryColumn('text') subject!: string;
  @PrimaryColumn('integer') number!: number;
  @Column('text') site!: string;
  @Column('text') status!: QueryState['status'];
  @Column('timestamptz') raised!: string;
  @Column('timestamptz') changed!: string;
  @Column('text', { nullable: true }) visit!: string | null;
  @Column('text', { nullable: true }) form!: string | null;
  /** All that it is about. */
  @Column('text', { array: true }) items!: readonly string[];
  @Column('text', { nullable: true }) check!: string | null;
  @Column('json') state!: QueryState;
}

export const queryRows = readModel(QueryRow);

export function queryRow(study: string, { subject, site }: Casebook, state: QueryState): QueryRow {
  const { status, raisedAt: raised, changedAt: changed, visit = null, form = null, check = null } = state;
  return {
    study,
    subject,
    number: numberOf(state.query),
    site,
    status,
    raised,
    changed,
    visit,
    form,
    items: itemsOf(state),
    check,
    state,
  };
}
