import type { Actor } from '#event-store';
import { Problem } from '#problem';
import type { CompiledStudy } from '#study';
import { formKey } from '../address.js';
import type { Casebook, CasebookEvent } from '../casebook.js';
import { checkForm, isBuiltIn } from '../checks/checks.js';
import { foldOwn } from '../decided.js';
import type { FormState } from '../form/form-state.js';
import { findPlanned, itemInPlace } from '../form/plan.js';
import { isOpen, type QueryState } from '../query/query-state.js';

export interface AdoptDefinition {
  readonly subject: string;
  /** The version to follow from now on. */
  readonly definition: number;
}

export interface AdoptionFacts {
  /** That version. */
  readonly study: CompiledStudy;
  readonly actor: Actor;
  readonly now: string;
}

/**
 * A casebook follows a newer version from now on. No entered value changes: what no longer fits is kept as it
 * is. Ranges and required items are looked at anew on every form; expressions, and what is derived, follow as
 * they do from any act.
 *
 * @throws Problem conflict when the casebook follows this version already, or a newer one
 */
export function adoptDefinition(
  { definition }: AdoptDefinition,
  casebook: Casebook,
  facts: AdoptionFacts,
): CasebookEvent[] {
  if (definition <= casebook.definition)
    throw new Problem('conflict', `The casebook follows version ${casebook.definition} already.`);
  const events: CasebookEvent[] = [{ type: 'DefinitionAdopted', data: { definition } }];
  let after = foldOwn(casebook, events, facts);
  for (const form of Object.values(casebook.forms)) {
    const queries = recheck(after, form, facts.study);
    after = foldOwn(after, queries, facts);
    events.push(...queries);
  }
  return events;
}

/** Looks at a whole form. A query that a person settled stays settled, since no item has changed. */
function recheck(casebook: Casebook, form: FormState, study: CompiledStudy): CasebookEvent[] {
  const standing = Object.values(casebook.queries).filter(
    (query) => query.check !== undefined && formKey(query) === formKey(form) && isOpen(query),
  );
  const isGone = (query: QueryState) =>
    !findPlanned(study, form) ||
    (query.item !== undefined && !itemInPlace(study, form, { ...query, item: query.item }));
  const gone = standing.filter(isGone);
  const closing = gone.map(({ query }) => closed(query, study));
  if (!findPlanned(study, form)) return closing;

  const asked = standing.flatMap((query) =>
    isBuiltIn(query.check) && !gone.includes(query) ? [{ ...query, item: query.item! }] : [],
  );
  const address = { visit: form.visit, form: form.form };
  const raised = checkForm(casebook, address, [], study).filter(({ type }) => type === 'QueryRaised');
  const goneIds = new Set(gone.map(({ query }) => query));
  const needless = checkForm(casebook, address, asked, study).flatMap((event) =>
    event.type === 'QueryClosed' && !goneIds.has(event.data.query) ? closed(event.data.query, study) : [],
  );
  return [...raised, ...closing, ...needless];
}

function closed(query: string, { version }: CompiledStudy): CasebookEvent {
  return {
    type: 'QueryClosed',
    data: { query, text: `Version ${version} of the definition does not raise it.` },
    actor: { system: 'edit check' },
  };
}
