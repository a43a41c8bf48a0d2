import { addDays } from '#values';
import { type Course, dayOf, type Visit } from '../course.js';
import { type FilledForm, filled, yesNo } from '../filled-form.js';
import { DAYS_PER_YEAR } from '../parameters.js';
import { type Random, rounded } from '../random.js';

/** Whether something that comes after so many years came between the visit before and this one. */
export function isNew(years: number, { since, day }: Visit): boolean {
  return dayOf(years) > since && dayOf(years) <= day;
}

/** How the subject is, and what happened since the visit before. */
export function followUp(course: Course, visit: Visit, random: Random): FilledForm {
  const { arm, inclusion, patient, fates, surgery } = course;
  const date = addDays(inclusion, visit.day);
  const years = visit.day / DAYS_PER_YEAR;
  const progressed = fates.progression <= years;
  const complicated = isNew(fates.complication, visit);
  const kind = random.weighted({ OBSTR: 70, ISCHAE: 10, BLEED: 15, PERFOR: 5 });
  const operated = surgery !== undefined && surgery.day > visit.since && surgery.day <= visit.day;
  const emergency = operated && surgery.type === 'EMERGENCY';
  const has = (one: typeof kind) => yesNo(complicated && one === kind);
  return filled(visit.oid, 'FU', {
    FUDAT: date,
    FUMODE: random.weighted({ VISIT: 88, PHONE: 8, RECORDS: 4 }),
    VSTAT: 'ALIVE',
    LASTALIVE: date,
    WEIGHT: rounded(
      Math.max(35, patient.weight * (1 - 0.008 * years - (progressed ? 0.03 : 0)) + random.normal(0, 1.2)),
      1,
    ),
    ECOG: Math.min(4, patient.ecog + (progressed && random.chance(0.4) ? 1 : 0)),
    BOWELSX: yesNo(complicated || random.chance(0.15)),
    OBSTR: has('OBSTR'),
    ISCHAE: has('ISCHAE'),
    BLEED: has('BLEED'),
    PERFOR: has('PERFOR'),
    COMPONSET: complicated ? addDays(inclusion, dayOf(fates.complication)) : undefined,
    COMPMGT: complicated
      ? emergency
        ? 'SURG'
        : random.choice(['CONS', 'CONS', 'ENDO', 'RADIO'])
      : undefined,
    EMSURG: yesNo(emergency),
    CROSS: arm === 'B' ? yesNo(operated && surgery.type === 'CROSSOVER') : undefined,
    SBS: yesNo(surgery !== undefined && surgery.day <= visit.day && random.chance(0.04)),
    PROGCLIN: yesNo(isNew(fates.progression, visit) && random.chance(0.5)),
    NEWTX: yesNo(isNew(fates.progression, visit)),
  });
}

export function carcinoid(
  { inclusion, patient }: Course,
  visit: string,
  day: number,
  random: Random,
): FilledForm {
  const syndrome = patient.carcinoidSyndrome;
  const heart = syndrome
    ? random.weighted({ NONE: 60, MILD: 15, MOD: 6, SEV: 2, ND: 17 })
    : random.weighted({ NONE: 55, ND: 45 });
  const seen = heart !== 'NONE' && heart !== 'ND';
  return filled(visit, 'CS', {
    CSYN: yesNo(syndrome),
    STOOLS: syndrome ? random.integer(1, 9) : undefined,
    FLUSH: syndrome ? random.integer(0, 8) : undefined,
    WHEEZE: yesNo(syndrome && random.chance(0.06)),
    CCRISIS: yesNo(syndrome && random.chance(0.01)),
    CHDECHO: heart,
    CHDDAT: heart === 'ND' ? undefined : addDays(inclusion, day),
    TRGRADE: seen ? random.integer(1, 3) : undefined,
    CHDTX: seen ? random.weighted({ NONE: 60, MEDICAL: 38, VALVE: 2 }) : undefined,
  });
}
