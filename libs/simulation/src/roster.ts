import { addDays } from '#values';
import { DAYS_PER_YEAR, trial } from './parameters.js';
import { Random } from './random.js';
import { trialSites } from './sites.js';

/** One subject of the trial before anything is known of it. */
export interface Enrolment {
  /** From 1, in order of inclusion. */
  readonly number: number;
  readonly site: string;
  /** Day of the decision on surgery: time zero. */
  readonly inclusion: string;
  readonly consent: string;
}

/** Who is enrolled where and when, in order of inclusion. */
export function rosterOf(seed: string, subjects: number, today: string): Enrolment[] {
  const random = new Random(`${seed} roster`);
  const rates = Object.fromEntries(trialSites.map(({ site }) => [site, random.gamma(trial.centreShape)]));
  const start = addDays(today, -Math.round(trial.yearsBeforeToday * DAYS_PER_YEAR));
  const drawn = Array.from({ length: subjects }, () => ({
    day: random.integer(0, trial.accrualDays - 1),
    site: random.weighted(rates),
    consentBefore: random.integer(1, 28),
  }));
  return drawn
    .sort((a, b) => a.day - b.day)
    .map(({ day, site, consentBefore }, i) => ({
      number: i + 1,
      site,
      inclusion: addDays(start, day),
      consent: addDays(start, day - consentBefore),
    }));
}
