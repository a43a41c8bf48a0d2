import { type CompiledItem, type CompiledStudy, outsideSoftRange } from '#study';
import type { MissingCode } from '#values';
import type { FilledForm, Value } from './filled-form.js';
import { flaws } from './parameters.js';
import type { Random } from './random.js';
import { slip } from './slip.js';

/** A form as it is first entered, and how that differs from what it should say. */
export interface FlawedEntry {
  readonly entered: FilledForm;
  /** Right values of the items that were entered wrong. */
  readonly slips: Readonly<Record<string, Value>>;
  /** Values of the mandatory items that were left out without a word. */
  readonly blanks: Readonly<Record<string, Value>>;
  /** Items about which an edit check asks: left out, or outside their soft range. */
  readonly asked: ReadonlySet<string>;
}

/** Every item of these is verified against the source, so nothing is missing for good. */
const verified = new Set(['IC', 'EL', 'EN', 'DD', 'ES']);
/** Without it nobody knows whether a subject is eligible. */
const SEX = 'I.DM.SEX';

export function enterWithFlaws(
  form: FilledForm,
  study: CompiledStudy,
  today: string,
  random: Random,
): FlawedEntry {
  const items: Record<string, Value> = {};
  const missing: Record<string, MissingCode> = { ...form.missing };
  const slips: Record<string, Value> = {};
  const blanks: Record<string, Value> = {};
  const asked = new Set<string>();
  const guarded = guardedItems(study);
  for (const [oid, value] of Object.entries(form.items)) {
    const item = study.item(oid)!;
    const fate = random.uniform();
    const lost = shareMissing(item);
    const left = lost === 0 || item.presence !== 'mandatory' ? 0 : flaws.blank;
    const slipped = random.chance(flaws.slip) && !guarded.has(oid);
    const wrong = slipped ? slip(item, value, today, random) : undefined;
    if (fate < lost) {
      missing[oid] = random.weighted({ 'not-done': 70, unknown: 25, refused: 5 });
    } else if (fate < lost + left) {
      blanks[oid] = value;
      asked.add(oid);
    } else {
      items[oid] = wrong ?? value;
      if (wrong !== undefined) slips[oid] = value;
      if (outsideSoftRange(item, items[oid])) asked.add(oid);
    }
  }
  return { entered: { ...form, items, missing }, slips, blanks, asked };
}

/** Where a slip is likely to be refused at once: what hard checks are about. */
function guardedItems({ definition }: CompiledStudy): ReadonlySet<string> {
  return new Set(definition.checks?.flatMap(({ level, items }) => (level === 'hard' ? items : [])));
}

function shareMissing({ oid, formOid, type, presence }: CompiledItem): number {
  if (verified.has(formOid) || oid === SEX || type === 'date' || type === 'partialDate') return 0;
  return formOid === 'LB' && presence === 'optional' ? flaws.missingOptionalLaboratory : flaws.missing;
}
