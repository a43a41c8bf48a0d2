import type { Precondition } from '#commands';
import type { RecordedEvent } from '#event-store';
import { Problem, pointerTo } from '#problem';
import { type FormAddress, formKey } from '../address.js';
import type { Casebook, CasebookEvent } from '../casebook.js';
import { type ConsequenceFacts, withConsequences } from '../consequences.js';
import { foldOwn } from '../decided.js';
import { type QueryFacts, refuseOtherQuery } from '../query/query.js';
import { takesNoNewData } from '../subject/subject-state.js';
import { changesOf, type PreparedForm } from './entry.js';
import { type EntryFacts, mostRows } from './form-reader.js';
import { type FormState, rowsOf } from './form-state.js';
import { plannedForm } from './plan.js';

export interface EnterFormFacts extends EntryFacts, ConsequenceFacts, QueryFacts {
  readonly ifMatch: Precondition | undefined;
  /** The form as the caller may see it, for the problem of a stale one. */
  view(form: FormState): unknown;
}

/** The ETag of a form: the stream revision of its last change. */
export const formTag = (form: FormState) => String(form.revision);

const changesForm = new Set([
  'ItemsEntered',
  'ItemsCorrected',
  'ItemsDerived',
  'FormCompleted',
  'FormReopened',
]);

/**
 * The tag that a form has after events of an act; undefined where none of them changes it. Derived items of
 * other forms can change with an entry, too.
 */
export function tagAfter(events: readonly RecordedEvent[], address: FormAddress): string | undefined {
  const last = events.findLast(
    ({ type, data }) => changesForm.has(type) && formKey(data as FormAddress) === formKey(address),
  );
  return last && String(last.revision);
}

/**
 * Enters a form or corrects it: what was empty is entered, what was held changes only with a reason. All that
 * follows from it is part of the same act.
 */
export function enterForm(command: PreparedForm, casebook: Casebook, facts: EnterFormFacts): CasebookEvent[] {
  const address: FormAddress = { visit: command.visit, form: command.form };
  const form = casebook.forms[formKey(address)];
  checkPrecondition(form, facts);

  if (command.query !== undefined) refuseOtherQuery(command.query, address, casebook, facts);

  const changes = changesOf(command, form, facts);
  const entered = changes.filter((change) => change.from === null);
  const corrected = changes.filter((change) => change.from !== null);
  if (!form && takesNoNewData(casebook) && (entered.length > 0 || command.complete)) {
    throw new Problem('subject-withdrawn', 'The subject has withdrawn; no new form is entered.');
  }
  if (corrected.length > 0 && !command.reason) {
    throw new Problem('reason-required', 'Entered values change only with a reason.', {
      errors: corrected.map(({ pointer }) => ({
        pointer,
        code: 'reason-required',
        message: 'This value was entered before and would change.',
      })),
    });
  }

  const because = command.query === undefined ? {} : { query: command.query };
  const events: CasebookEvent[] = [];
  if (entered.length > 0)
    events.push({
      type: 'ItemsEntered',
      data: { first: !form, changes: entered.map(withoutPointer), ...address, ...because },
    });
  if (corrected.length > 0) {
    events.push({
      type: 'ItemsCorrected',
      data: { changes: corrected.map(withoutPointer), reason: command.reason!, ...address, ...because },
    });
  }
  const completing = command.complete ?? form?.complete ?? false;
  if (completing !== (form?.complete ?? false))
    events.push({ type: completing ? 'FormCompleted' : 'FormReopened', data: address });
  if (events.length === 0) return [];

  if (changes.some(({ row }) => row !== undefined)) refuseTooManyRows(casebook, events, address, facts);
  return withConsequences(casebook, events, facts, changes);
}

/** Rows come one by one too, so those that are there count with those that are new. */
function refuseTooManyRows(
  casebook: Casebook,
  events: readonly CasebookEvent[],
  address: FormAddress,
  facts: EnterFormFacts,
): void {
  const groups = plannedForm(facts.study, address).groups.filter((group) => group.repeating);
  if (groups.length === 0) return;
  const before = casebook.forms[formKey(address)];
  const after = foldOwn(casebook, events, facts).forms[formKey(address)];
  for (const group of groups) {
    const rows = rowsOf(after, group.oid).size;
    const most = mostRows(group);
    if (rows <= most || rows <= rowsOf(before, group.oid).size) continue;
    const message = `At most ${most} rows.`;
    throw new Problem('invalid-value', message, {
      errors: [{ pointer: pointerTo('/rows', group.oid), code: 'too-many-rows', message }],
    });
  }
}

function checkPrecondition(form: FormState | undefined, { ifMatch, view }: EnterFormFacts): void {
  if (!ifMatch) {
    if (form)
      throw new Problem(
        'precondition-required',
        'The form has data already; say in If-Match which state you saw.',
      );
    return;
  }
  if (form && ('any' in ifMatch || ifMatch.tags.includes(formTag(form)))) return;
  throw new Problem('stale', 'The form is not in the state that If-Match names.', {
    extensions: { current: form ? view(form) : null },
  });
}

const withoutPointer = <T extends { pointer: string }>({ pointer: _, ...change }: T) => change;
