import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type RowSet, readModel } from '#event-store';
import { formKey } from './address.js';
import { adjudicationRows, adjudicationRowsBetween } from './adjudication/adjudication.projection.js';
import type { Casebook } from './casebook.js';
import type { FormState } from './form/form-state.js';
import { queryRow, queryRows } from './query/query.projection.js';
import { isOpen } from './query/query-state.js';
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

export const subjectRows = readModel(SubjectRow);
export const formRows = readModel(FormRow);

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
    { model: subjectRows, rows: isSameRow(subject, subjectRow(study, before)) ? [] : [subject] },
    { model: departureRows, rows: departureRowsBetween(before, after, (left) => listedRow(study, left)) },
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

function isSameRow(a: SubjectRow, b: SubjectRow): boolean {
  return subjectRows.columns.every(
    (column) => a[column as keyof SubjectRow] === b[column as keyof SubjectRow],
  );
}

/** A subject with all that lists show of it. */
function listedRow(study: string, casebook: Casebook) {
  return {
    ...subjectRow(study, casebook),
    queries: Object.values(casebook.queries).map((query) => queryRow(study, casebook, query)),
    signatures: Object.values(casebook.signatures).map((one) => signatureRow(study, casebook, one)),
  };
}

function formRow(study: string, { subject }: Casebook, state: FormState): FormRow {
  const { visit, form, complete } = state;
  return { study, subject, visit, form, complete, state };
}
