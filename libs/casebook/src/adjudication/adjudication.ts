import type { Actor } from '#event-store';
import { Problem } from '#problem';
import { type AdjudicationDefinition, adjudicatedItems, type CompiledStudy, checkValue } from '#study';
import type { Casebook, CasebookEvent } from '../casebook.js';
import { same } from '../form/entry.js';
import type { FormState } from '../form/form-state.js';
import type { Held } from '../held.js';
import { actorName } from '../stamped.js';
import type { AdjudicationEvent } from './adjudication-state.js';

export interface RecordOpinion {
  readonly subject: string;
  /** A code of the committee's item. */
  readonly cause: string;
  readonly comment?: string;
}

export interface AdjudicationFacts {
  readonly study: CompiledStudy;
  readonly actor: Actor;
  readonly today: string;
  readonly now: string;
}

const system = { system: 'adjudication' };

/**
 * A member's opinion of a death, and the committee's decision where it follows: two opinions that agree, or else
 * the third. What they say is written into the items of the death's form, which only adjudication enters.
 *
 * @throws Problem not-found where there is no death to adjudicate; conflict for a second opinion of one person,
 *   or after the decision; invalid-value for an unknown cause
 */
export function recordOpinion(
  { cause, comment }: RecordOpinion,
  casebook: Casebook,
  facts: AdjudicationFacts,
): CasebookEvent[] {
  const { study, actor, today, now } = facts;
  const plan = study.definition.adjudication;
  const form = plan && deathForm(casebook, study);
  if (!plan || !form) throw new Problem('not-found', 'There is no such thing here.');
  const { opinions = [], final } = casebook.adjudication ?? {};
  if (final) throw new Problem('conflict', 'The death is adjudicated.');
  if (opinions.some(({ by }) => by === actorName({ actor })))
    throw new Problem('conflict', 'You have given your opinion: another member’s is needed.');
  refuseUnknown(cause, plan, study, today);

  const item = plan.opinions[opinions.length]!;
  const { visit, form: key } = form;
  const decided = opinions.length === 2 || opinions.some((one) => one.cause === cause);
  const events: AdjudicationEvent[] = [
    {
      type: 'OpinionRecorded',
      data: { visit, form: key, item, opinion: opinions.length + 1, cause, ...(comment && { comment }) },
    },
  ];
  if (decided) {
    const by = opinions.length === 2 ? 'third opinion' : 'agreement';
    events.push({
      type: 'EndpointAdjudicated',
      data: { visit, form: key, item: plan.final, cause, by },
      actor: system,
    });
  }
  const value = { value: cause };
  const held: [string, Held][] = [
    [item, value],
    ...(decided
      ? ([
          [plan.final, value],
          [plan.date, { value: now.slice(0, 10) }],
        ] as [string, Held][])
      : []),
  ];
  return [...events, ...itemsAdjudicated(form, held)];
}

/**
 * Opinions were of a death as it was recorded: once its date is another one, or it is retracted, the committee
 * begins anew.
 *
 * @param death what became of the subject's death
 */
export function reopenAdjudication(
  casebook: Casebook,
  death: readonly CasebookEvent[],
  { definition }: CompiledStudy,
): CasebookEvent[] {
  if (death.length === 0 || !casebook.adjudication) return [];
  const { visit, form, item } = casebook.adjudication;
  const items = definition.adjudication ? adjudicatedItems(definition.adjudication) : [];
  return [
    { type: 'AdjudicationReopened', data: { visit, form, item }, actor: system },
    ...Object.values(casebook.forms).flatMap((one) =>
      itemsAdjudicated(
        one,
        items.map((oid) => [oid, null]),
      ),
    ),
  ];
}

/** The form on which the date of death stands. */
function deathForm({ forms }: Casebook, { definition }: CompiledStudy): FormState | undefined {
  return Object.values(forms).find(({ items }) => {
    const held = items[definition.milestones.death ?? '']?.held;
    return held && 'value' in held;
  });
}

function itemsAdjudicated(
  { visit, form, items }: FormState,
  held: readonly (readonly [string, Held | null])[],
): CasebookEvent[] {
  const changes = held.flatMap(([item, to]) => {
    const from = items[item]?.held ?? null;
    return same(from, to) ? [] : [{ item, from, to }];
  });
  return changes.length === 0
    ? []
    : [{ type: 'ItemsAdjudicated', data: { visit, form, changes }, actor: system }];
}

function refuseUnknown(
  cause: string,
  { final }: AdjudicationDefinition,
  study: CompiledStudy,
  today: string,
): void {
  const item = study.item(final);
  const fault = item && checkValue(item, cause, today);
  if (!fault) return;
  throw new Problem('invalid-value', fault.message, { errors: [{ pointer: '/cause', ...fault }] });
}
