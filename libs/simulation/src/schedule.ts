import { shares } from './parameters.js';
import type { Random } from './random.js';

const INTERVAL = 183;
const VISITS = 10;

/** Day of the last planned visit. */
export const HORIZON = INTERVAL * VISITS;

const windowOf = (visit: number) => (visit === VISITS ? 60 : 42);

/** The days on which a subject who stays would come to the follow-up visits: some late, some not at all. */
export function drawSchedule(random: Random): { oid: string; day: number }[] {
  return Array.from({ length: VISITS }, (_, i) => i + 1).flatMap((visit) => {
    const target = INTERVAL * visit;
    const window = windowOf(visit);
    if (random.chance(shares.missedVisit)) return [];
    const deviation = random.chance(shares.lateVisit)
      ? window + random.integer(1, 30)
      : Math.round(Math.max(-window, Math.min(window, random.normal(0, window / 4))));
    return [{ oid: `V_M${String(6 * visit).padStart(2, '0')}`, day: target + deviation }];
  });
}
