import type { Fact, FormChange } from '#checks';
import type { Actor } from '#event-store';
import { type Fault, Problem } from '#problem';
import type { CompiledItem, CompiledStudy } from '#study';
import { type FormAddress, formKey, type ItemAddress } from './address.js';
import { reopenAdjudication } from './adjudication/adjudication.js';
import type { Casebook, CasebookEvent } from './casebook.js';
import { checkForm, actor as checking, raisedAt } from './checks/checks.js';
import { deriveItems } from './checks/derived-items.js';
import { type CheckFindings, checkExpressions, orphans } from './checks/expression-checks.js';
import { type ExpressionFacts, isThere, placeOf, viewOf } from './checks/expression-facts.js';
import { foldOwn } from './decided.js';
import type { Change } from './held.js';
import { brokenSignatures } from './signature/signature.js';
import { actorName } from './stamped.js';
import { followDeath } from './subject/death.js';
import { withdrawChanged } from './verification/verification.js';

export interface ConsequenceFacts extends ExpressionFacts {
  readonly actor: Actor;
  readonly now: string;
  /** False for items that the caller's role must not touch, or know of. */
  mayEnter(item: CompiledItem): boolean;
}

/**
 * An act on a casebook with all that follows from it: the subject's death, derived items, and the queries that
 * edit checks raise and close. Only what the act can affect is evaluated.
 *
 * @param pointers where in the request the items stand that it changes
 * @throws Problem invalid-value when the data would violate a hard check that they did not violate before
 */
export function withConsequences(
  before: Casebook,
  act: readonly CasebookEvent[],
  facts: ConsequenceFacts,
  pointers: readonly { readonly item: string; readonly pointer: string }[] = [],
): CasebookEvent[] {
  return act.length === 0 ? [] : actAndConsequences(before, act, facts, pointers);
}

/** What follows from a day alone; a hard check that it makes fire raises its query, as there is no act to refuse. */
export function consequencesOfDay(casebook: Casebook, facts: ConsequenceFacts): CasebookEvent[] {
  return actAndConsequences(casebook, [], facts, []);
}

function actAndConsequences(
  before: Casebook,
  act: readonly CasebookEvent[],
  facts: ConsequenceFacts,
  pointers: readonly { readonly item: string; readonly pointer: string }[],
): CasebookEvent[] {
  const { study } = facts;
  const acted = foldOwn(before, act, facts);
  const death = followDeath(acted, study);
  const died = foldOwn(acted, death, facts);
  const reopened = reopenAdjudication(died, death, study);
  const settled = foldOwn(died, reopened, facts);
  const changes = changesBetween(before, settled, [...act, ...reopened], study);
  const changedFacts = factsBetween(before, settled);
  const derived = deriveItems(settled, changes, changedFacts, facts);

  const all = [...changes, ...derived.changes];
  const findings = checkExpressions({
    study,
    before,
    viewBefore: once(() => viewOf(before, facts)),
    affected: study.expressions.checks
      .affectedBy(all, changedFacts, derived.view)
      .filter(({ dependent }) => facts.open || !study.expressions.readsIdentity(dependent)),
    ...derived,
  });
  if (findings.refused.length > 0) refuse(findings.refused, facts, pointers);

  let after = derived.casebook;
  const queries: CasebookEvent[] = [];
  const add = (events: CasebookEvent[]) => {
    after = foldOwn(after, events, facts);
    queries.push(...events);
  };
  for (const [address, items] of itemsByForm([...act, ...derived.events]))
    add(checkForm(after, address, items, study));
  add(queriesOf(findings, after, study));
  if (before.definition !== after.definition)
    add(
      orphans(after, study).map(({ query }) => closing(query, 'The definition has no such check any more.')),
    );
  const by = actorName(facts);
  const broken = brokenSignatures(before, [...act, ...derived.events], { by, study });
  const withdrawn = withdrawChanged(before, after);
  return [...act, ...death, ...reopened, ...derived.events, ...queries, ...withdrawn, ...broken];
}

/** After another version was adopted, every form can be another one to the expressions. */
function changesBetween(
  before: Casebook,
  after: Casebook,
  act: readonly CasebookEvent[],
  study: CompiledStudy,
): FormChange[] {
  if (before.definition !== after.definition)
    return Object.values(after.forms).map((form) => ({ place: placeOf(form), items: [], standing: true }));
  return itemsByForm(act).map(([address, items]) => {
    const key = formKey(address);
    const [was, is] = [before.forms[key], after.forms[key]];
    return {
      place: placeOf(address),
      items: items.map(({ item }) => item),
      standing: isThere(was, study) !== isThere(is, study) || (was?.complete ?? false) !== is?.complete,
    };
  });
}

/** The forms that events change, with what they change in them: nothing where only their standing is another. */
function itemsByForm(events: readonly CasebookEvent[]): [FormAddress, readonly ItemAddress[]][] {
  const forms = new Map<string, [FormAddress, ItemAddress[]]>();
  for (const { data } of events) {
    if (!('visit' in data && 'form' in data) || ('query' in data && !('changes' in data))) continue;
    const { visit, form, changes = [] } = data as FormAddress & { changes?: readonly Change[] };
    const address = { visit, form };
    const known = forms.get(formKey(address)) ?? [address, []];
    forms.set(formKey(address), known);
    known[1].push(...changes);
  }
  return [...forms.values()];
}

/** Every act brings the day with it. */
function factsBetween(before: Casebook, after: Casebook): Fact[] {
  return [
    'today',
    ...(before.arm?.code === after.arm?.code ? [] : (['arm'] as const)),
    ...(before.status === after.status ? [] : (['status'] as const)),
  ];
}

function refuse(
  refused: CheckFindings['refused'],
  { study, mayEnter }: ConsequenceFacts,
  pointers: readonly { readonly item: string; readonly pointer: string }[],
): never {
  const errors = refused.map(({ check, text }): Fault => {
    const isKnown = check.items.every((oid) => {
      const item = study.item(oid);
      return item && mayEnter(item);
    });
    const read = new Set([...check.reads.own, ...check.reads.elsewhere]);
    const place =
      pointers.find(({ item }) => check.items.includes(item)) ?? pointers.find(({ item }) => read.has(item));
    return {
      pointer: place?.pointer ?? '',
      code: isKnown ? check.oid : 'edit-check',
      message: isKnown ? text : 'This does not go with other data of the casebook.',
    };
  });
  const message = errors.length === 1 ? errors[0]!.message : `${errors.length} edit checks refuse this.`;
  throw new Problem('invalid-value', message, { errors });
}

function queriesOf(
  { raised, closed }: CheckFindings,
  casebook: Casebook,
  study: CompiledStudy,
): CasebookEvent[] {
  return [
    ...raisedAt(raised, casebook, study),
    ...closed.map((query) => closing(query, 'The data no longer violate the check.')),
  ];
}

function closing(query: string, text: string): CasebookEvent {
  return { type: 'QueryClosed', data: { query, text }, actor: checking };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** A decision, with all that follows from what it decides. */
export function following<Command, Facts>(
  decide: (command: Command, casebook: Casebook, facts: Facts) => CasebookEvent[],
) {
  return (command: Command, casebook: Casebook, facts: Facts & ConsequenceFacts): CasebookEvent[] =>
    withConsequences(casebook, decide(command, casebook, facts), facts);
}
