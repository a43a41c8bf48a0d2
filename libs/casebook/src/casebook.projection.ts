import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type RowSet, readModel } from '#event-store';
import { formKey } from './address.js';
import { adjudicationRows, adjudicationRowsBetween } from './adjudication/adjudication.projection.js';
import type { Casebook } from './casebook.js';
import type { FormState } from './form/form-state.js';
import { isOpen, itemsOf, type QueryState } from './query/query-state.js';
import { signatureRow, signatureRows } from './signature/signature.projection.js';
import { departureRows, departureRowsBetween } from './transfer/transfer.projection.js';

/** One row a subject. */
@Entity('subject')
export class SubjectRow {
  @PrimaryColumn('text') study!: string;
  @PrimaryColumn('text') subject!: string;
  @Column('text') site!: string;
  /** Site code and number within it, as the subject key was given: the numbers of a series have no gap. */
  @Column('text') series!: string;
  @Column('integer') number!: number;
  @Column('text') status!: Casebook['status'];
  @Column('text', { nullable: true }) arm!: string | null;
  @Column('integer') definition!: number;
  @Column('date') consented!: string;
  @Column('timestamptz') enrolled!: string;
  @Column('integer') openqueries!: number;
}

/** One row a form that has data, with the state of every item. */
@Entity('form')
export class FormRow {
  @PrimaryColumn('text') study!: string;
  @PrimaryColumn('text') subject!: string;
  @PrimaryColumn('text') visit!: string;
  @PrimaryColumn('text') form!: string;
  @Column('boolean') complete!: boolean;
  @Column('json') state!: FormState;
}

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

export const subjectRows = readModel(SubjectRow);
export const formRows = readModel(FormRow);
export const queryRows = readModel(QueryRow);

/**
 * The rows in which two states of a casebook differ. What an event did not touch is the same object before
 * and after, so the comparison costs next to nothing; with the empty casebook as `before`, all rows.
 */
export function projectCasebook(before: Casebook, after: Casebook, study: string): RowSet[] {
  const forms = Object.values(after.forms).filter((form) => before.forms[formKey(form)] !== form);
  const moved = before.site !== after.site;
  const queries = Object.values(after.queries).filter(
    (query) => moved || before.queries[query.query] !== query,
  );
  const signatures = Object.values(after.signatures).filter(
    (signature) => before.signatures[signature.signature] !== signature,
  );
  const subject = subjectRow(study, after);
  return [
    ...(JSON.stringify(subject) === JSON.stringify(subjectRow(study, before))
      ? []
      : [{ model: subjectRows, rows: [subject] }]),
    { model: departureRows, rows: departureRowsBetween(before, after, (left) => subjectRow(study, left)) },
    { model: formRows, rows: forms.map((form) => formRow(study, after, form)) },
    { model: adjudicationRows, rows: adjudicationRowsBetween(before, after, study) },
    { model: queryRows, rows: queries.map((query) => queryRow(study, after, query)) },
    { model: signatureRows, rows: signatures.map((signature) => signatureRow(study, after, signature)) },
  ];
}

function subjectRow(study: string, casebook: Casebook): SubjectRow {
  const { subject, site, status, definition } = casebook;
  const dash = subject.lastIndexOf('-');
  return {
    study,
    subject,
    site,
    series: subject.slice(0, dash),
    number: Number(subject.slice(dash + 1)),
    status,
    arm: casebook.arm?.code ?? null,
    definition,
    consented: casebook.consentDate,
    enrolled: casebook.enrolledAt,
    openqueries: Object.values(casebook.queries).filter(isOpen).length,
  };
}

function formRow(study: string, { subject }: Casebook, state: FormState): FormRow {
  const { visit, form, complete } = state;
  return { study, subject, visit, form, complete, state };
}

function queryRow(study: string, { subject, site }: Casebook, state: QueryState): QueryRow {
  const number = Number(state.query.slice(state.query.lastIndexOf('-Q') + 2));
  const { status, raisedAt: raised, changedAt: changed, visit = null, form = null, check = null } = state;
  return {
    study,
    subject,
    number,
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
