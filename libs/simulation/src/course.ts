import { daysBetween } from '#values';
import { drawFates, type Fates } from './fates.js';
import { type Arm, DAYS_PER_YEAR, shares, trial } from './parameters.js';
import { drawPatient, type Patient } from './patient.js';
import { Random } from './random.js';
import type { Enrolment } from './roster.js';
import { drawSchedule, HORIZON } from './schedule.js';

/** One subject's way through the trial. Days are whole and count from inclusion. */
export interface Course extends Enrolment {
  readonly arm: Arm;
  readonly patient: Patient;
  readonly fates: Fates;
  /** Of the primary: the planned one, or the first one in arm B. */
  readonly surgery?: Surgery;
  /** Those that took place, in order. */
  readonly visits: readonly Visit[];
  /** Absent while follow-up goes on. */
  readonly end?: End;
  /** Last day on which anything is recorded. */
  readonly lastDay: number;
}

export interface Surgery {
  readonly day: number;
  readonly type: 'PLANNED_A' | 'CROSSOVER' | 'EMERGENCY';
}

export interface Visit {
  readonly oid: string;
  readonly day: number;
  /** The follow-up visit before: what happened after it is told at this one. */
  readonly since: number;
}

export interface End {
  readonly day: number;
  readonly reason: 'COMPLETE' | 'DEATH' | 'LOST' | 'WITHDRAWN';
  /** Last day on which the subject was known to be alive. */
  readonly lastAlive: number;
}

/** So long a subject is looked for before it counts as lost. */
const SEARCH_DAYS = 180;

export const dayOf = (years: number) => Math.ceil(years * DAYS_PER_YEAR);

/** The whole course of one subject. The arm is drawn for itself: nothing about the patient confounds it. */
export function drawCourse(seed: string, enrolment: Enrolment, today: string): Course {
  const random = new Random(`${seed} course ${enrolment.number}`);
  const observable = daysBetween(enrolment.inclusion, today);
  const arm = random.chance(trial.shareOfArmA) ? 'A' : 'B';
  const patient = drawPatient(random);
  const fates = drawFates(arm, random);
  const planned = drawSchedule(random);
  const stop = firstStop(fates, planned.find((visit) => visit.oid === 'V_M60')?.day ?? HORIZON);
  const within = (day: number) =>
    day <= observable && (day < stop.day || (stop.reason === 'COMPLETE' && day === stop.day));

  const surgery = drawSurgery(arm, fates, random);
  const done = surgery && within(surgery.day) ? surgery : undefined;
  const followUp = planned.filter((visit) => within(visit.day));
  const afterwards = done ? postoperative(done, stop, within, observable, random) : [];
  const end = endOf(stop, followUp.at(-1)?.day ?? 0, observable);
  return {
    ...enrolment,
    arm,
    patient,
    fates,
    ...(done && { surgery: done }),
    visits: withSince([...followUp, ...afterwards]),
    ...(end && { end }),
    lastDay: end?.day ?? observable,
  };
}

type Stop = Pick<End, 'day' | 'reason'>;

function firstStop({ death, loss, withdrawal }: Fates, completion: number): Stop {
  const stops: Stop[] = [
    { day: dayOf(death.years), reason: 'DEATH' },
    { day: dayOf(loss), reason: 'LOST' },
    { day: dayOf(withdrawal), reason: 'WITHDRAWN' },
    { day: completion, reason: 'COMPLETE' },
  ];
  return stops.reduce((first, stop) => (stop.day < first.day ? stop : first));
}

function endOf({ day, reason }: Stop, lastVisit: number, observable: number): End | undefined {
  const known = reason === 'LOST' ? day + SEARCH_DAYS : day;
  if (known > observable) return undefined;
  const lastAlive = reason === 'COMPLETE' || reason === 'WITHDRAWN' ? day : lastVisit;
  return { day: known, reason, lastAlive };
}

function drawSurgery(arm: Arm, fates: Fates, random: Random): Surgery | undefined {
  if (arm === 'A') {
    const day = random.integer(7, 110);
    return random.chance(shares.surgeryNotDone) ? undefined : { day, type: 'PLANNED_A' };
  }
  const emergency = random.chance(shares.emergencySurgery) ? fates.complication : Infinity;
  const first = Math.min(emergency, fates.crossover);
  return { day: dayOf(first), type: first === emergency ? 'EMERGENCY' : 'CROSSOVER' };
}

type Dated = Omit<Visit, 'since'>;

/** Surgery and the two visits after it; a death before the second one is told at the next of them. */
function postoperative(
  { day: surgery }: Surgery,
  stop: Stop,
  within: (day: number) => boolean,
  observable: number,
  random: Random,
): Dated[] {
  const visits = [
    { oid: 'V_POD30', day: surgery + 30 + random.integer(-5, 5) },
    { oid: 'V_POD90', day: surgery + 90 + random.integer(-10, 10) },
  ];
  const held = visits.filter((visit) => within(visit.day));
  const next = visits[held.length];
  const died = stop.reason === 'DEATH' && stop.day <= surgery + 90 && stop.day <= observable;
  return [
    { oid: 'V_SURG', day: surgery },
    ...held,
    ...(next && died ? [{ oid: next.oid, day: stop.day }] : []),
  ];
}

function withSince(visits: readonly Dated[]): Visit[] {
  let since = 0;
  return [...visits]
    .sort((a, b) => a.day - b.day)
    .map((visit) => {
      const before = since;
      if (visit.oid.startsWith('V_M')) since = visit.day;
      return { ...visit, since: before };
    });
}
