import type { MissingCode } from '#values';
import { type FilledForm, type Value } from './filled-form.js';
import type { FlawedEntry } from './flawed-entry.js';
import { flaws } from './parameters.js';
import type { Random } from './random.js';
import type { Overseer, QueryPlace, Step } from './step.js';

/**
 * What follows the first entry of a form: people ask about it, the site corrects it, what is left is
 * answered and closed. Some queries stay open or wait for an answer to be looked at.
 */
export function cleaning(flawed: FlawedEntry, random: Random): Step[] {
  const { entered, slips, blanks, asked } = flawed;
  const { visit, form } = entered;
  const place = (item: string): QueryPlace => ({ visit, form, item });
  const corrected: Record<string, Value> = { ...slips };
  const explained: Record<string, MissingCode> = {};
  const unsettled = new Set([...asked].filter((item) => !(item in slips)));
  for (const [item, value] of Object.entries(blanks)) {
    const fate = random.weighted({ entered: 70, explained: 20, left: 10 });
    if (fate === 'entered') corrected[item] = value;
    if (fate === 'explained') explained[item] = 'unknown';
    // The check closes its own query once the item is held.
    if (fate !== 'left') unsettled.delete(item);
  }
  const manual = random.chance(flaws.manualQuery) ? manualTarget(flawed, random) : undefined;
  const by: Overseer = random.chance(0.7) ? 'monitor' : 'dataManager';
  return [
    ...(manual ? [raised(place(manual), by, random)] : []),
    ...correction(entered, corrected, explained, Object.keys(slips).length > 0, random),
    ...(manual ? settlement(place(manual), by, manual in slips ? 'Corrected.' : 'Confirmed.', random) : []),
    ...[...unsettled].flatMap((item) => settlement(place(item), 'monitor', answerTo(item, blanks), random)),
  ];
}

/** Whoever verifies source data finds errors, where there are any; an edit check has not asked already. */
function manualTarget({ entered, slips, asked }: FlawedEntry, random: Random): string | undefined {
  const unasked = (items: object) => Object.keys(items).filter((item) => !asked.has(item));
  const found = unasked(slips);
  const candidates = found.length > 0 ? found : unasked(entered.items);
  return candidates.length > 0 ? random.choice(candidates) : undefined;
}

function raised(place: QueryPlace, by: Overseer, random: Random): Step {
  const text = random.choice([
    'Does not agree with the source document. Please check.',
    'Please confirm this value.',
    'Please check against the report.',
  ]);
  return { act: 'RaiseQuery', by, text, ...place };
}

function correction(
  { visit, form, by }: FilledForm,
  items: Readonly<Record<string, Value>>,
  missing: Readonly<Record<string, MissingCode>>,
  changesEntered: boolean,
  random: Random,
): Step[] {
  if (Object.keys(items).length + Object.keys(missing).length === 0) return [];
  const reason = random.choice([
    { code: 'transcription-error', text: 'Misread from the source document' },
    { code: 'source-corrected', text: 'The source document was corrected' },
    { code: 'data-entry-error', text: 'Entered in the wrong place' },
  ]);
  const entry = { visit, form, by, items, missing, rows: {}, whole: false };
  return [{ act: 'EnterForm', ...entry, ...(changesEntered && { reason }) }];
}

function settlement(place: QueryPlace, by: Overseer, text: string, random: Random): Step[] {
  const answer: Step = { act: 'AnswerQuery', by: 'coordinator', text, ...place };
  switch (random.weighted({ closed: 70, answered: 13, open: 14, cancelled: 3 })) {
    case 'closed':
      return [answer, { act: 'CloseQuery', by, text: 'Accepted.', ...place }];
    case 'answered':
      return [answer];
    case 'open':
      return [];
    case 'cancelled':
      return [{ act: 'CancelQuery', by, text: 'Raised by mistake.', ...place }];
  }
}

const answerTo = (item: string, blanks: object) =>
  item in blanks
    ? 'The source document is being looked for.'
    : 'Checked against the source; the value is right.';
