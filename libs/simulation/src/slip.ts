import { type CompiledItem, checkValue } from '#study';
import { addDays, isCompleteDate } from '#values';
import type { Value } from './filled-form.js';
import { type Random, rounded } from './random.js';

/** A value that somebody could enter by mistake and the server accept; undefined where none was found. */
export function slip(item: CompiledItem, value: Value, today: string, random: Random): Value | undefined {
  const wrong = draw(item, value, random);
  return wrong === undefined || wrong === value || checkValue(item, wrong, today) ? undefined : wrong;
}

function draw(item: CompiledItem, value: Value, random: Random): Value | undefined {
  const up = random.chance(0.5) ? 1 : -1;
  switch (item.type) {
    case 'code':
      return random.choice([...(item.codes?.keys() ?? [])]);
    case 'integer':
    case 'decimal':
      return misread(Number(value), random.chance(0.2), item.type === 'integer' ? 1 : 0.1, up);
    case 'date':
    case 'partialDate':
      return isCompleteDate(value) ? addDays(value, up * random.integer(1, 9)) : undefined;
    default:
      return undefined;
  }
}

/** The decimal point in the wrong place, or the last digit misread. */
function misread(value: number, shifted: boolean, step: number, up: number): number {
  return rounded(shifted ? value * 10 : value + up * step, 2);
}
