import type { NewEvent } from '#event-store';
import type { FormAddress } from '../address.js';
import { actorName, type Stamped } from '../stamped.js';

export type AdjudicationEvent =
  | NewEvent<'OpinionRecorded', AdjudicationPlace & { opinion: number; cause: string; comment?: string }>
  | NewEvent<'EndpointAdjudicated', AdjudicationPlace & { cause: string; by: 'agreement' | 'third opinion' }>
  | NewEvent<'AdjudicationReopened', AdjudicationPlace>;

/** All that the committee’s work comes to, on the form too. */
export const adjudicationEvents = [
  'OpinionRecorded',
  'EndpointAdjudicated',
  'AdjudicationReopened',
  'ItemsAdjudicated',
] as const;

/** The item whose value is told of: an event is shown only to those who may see that. */
export interface AdjudicationPlace extends FormAddress {
  readonly item: string;
}

/** The committee's work on one death; none of it stands once the death is another one. */
export interface Adjudication extends AdjudicationPlace {
  readonly opinions: readonly Opinion[];
  /** Once it is adjudicated. */
  readonly final?: { readonly cause: string; readonly at: string };
}

export interface Opinion {
  readonly by: string;
  readonly at: string;
  readonly cause: string;
  readonly comment?: string;
}

export type AdjudicationStatus = 'none' | 'pending' | 'disagreement' | 'adjudicated';

/** Of a death, whether or not the study adjudicates any. */
export function adjudicationStatus({
  died,
  adjudication,
}: {
  readonly died?: string;
  readonly adjudication?: Adjudication;
}): AdjudicationStatus {
  if (died === undefined) return 'none';
  if (adjudication?.final) return 'adjudicated';
  return adjudication?.opinions.length === 2 ? 'disagreement' : 'pending';
}

export function foldAdjudication(
  before: Adjudication | undefined,
  event: Stamped<AdjudicationEvent>,
): Adjudication | undefined {
  if (event.type === 'AdjudicationReopened') return undefined;
  const { visit, form, item, cause } = event.data;
  const opinions = before?.opinions ?? [];
  if (event.type === 'EndpointAdjudicated')
    return { visit, form, item, opinions, final: { cause, at: event.recordedAt } };
  const { comment } = event.data;
  const opinion = { by: actorName(event), at: event.recordedAt, cause, ...(comment && { comment }) };
  return { visit, form, item, opinions: [...opinions, opinion] };
}
