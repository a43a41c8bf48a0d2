import { addDays } from '#values';
import { type Course, dayOf, type Visit } from '../course.js';
import { type FilledForm, filled, yesNo } from '../filled-form.js';
import { DAYS_PER_YEAR } from '../parameters.js';
import { type Random, rounded } from '../random.js';
import { HORIZON } from '../schedule.js';
import { isNew } from './follow-up.js';

export function baselineImaging(course: Course, day: number, random: Random): FilledForm {
  return imaging(course, 'V_SCR', day, course.patient.lesions, { NTL: 'NONCRNONPD', NEWL: 'N' }, random);
}

/** The response by RECIST 1.1 follows from the lesions and from progression, and agrees with both. */
export function followUpImaging(course: Course, visit: Visit, random: Random): FilledForm {
  const { patient, fates } = course;
  const factor = growth(course, visit.day);
  const lesions = patient.lesions.map((diameter) => rounded(diameter * factor));
  const progressed = dayOf(fates.progression) <= visit.day;
  const shrunk = sum(lesions) <= 0.7 * sum(patient.lesions);
  const findings = {
    NTL: progressed && random.chance(0.3) ? 'PD' : 'NONCRNONPD',
    NEWL: yesNo(isNew(fates.progression, visit) && random.chance(0.4)),
    RECIST: progressed ? 'PD' : shrunk ? 'PR' : 'SD',
  };
  return imaging(course, visit.oid, visit.day, lesions, findings, random);
}

/**
 * By how much the lesions have changed since baseline. Up to progression never by +20 %; from then on by
 * more, and so by +20 % over the smallest they ever were.
 */
function growth({ patient, fates }: Course, day: number): number {
  const sinceProgression = day / DAYS_PER_YEAR - fates.progression;
  if (dayOf(fates.progression) <= day) return Math.min(2, 1.3 + 0.1 * sinceProgression);
  return 1 + ((patient.response - 1) * day) / HORIZON;
}

function imaging(
  { inclusion, patient }: Course,
  visit: string,
  day: number,
  lesions: readonly number[],
  findings: { NTL: string; NEWL: string; RECIST?: string },
  random: Random,
): FilledForm {
  const modality = random.weighted({ CT: 55, MRI: 25, SSTRPET: 20 });
  const avid = random.integer(2, 4);
  const values = lesions.map((diameter, i) => ({
    TLID: `T${i + 1}`,
    TLSITE: i === 0 || patient.nodeStage === '0' ? 'LIVER' : random.weighted({ LIVER: 75, NODE: 25 }),
    TLDIAM: diameter,
  }));
  return filled(
    visit,
    'IM',
    {
      IMDAT: addDays(inclusion, day),
      IMMOD: modality,
      ...(modality === 'SSTRPET' && {
        TRACER: random.weighted({ GA68TOC: 50, GA68TATE: 40, CU64TATE: 10 }),
        KRENN: avid,
      }),
      ...findings,
      PRIMSIZE: random.integer(8, 45),
      OBSTRAD: random.weighted({ N: 92, Y: 4, UNK: 4 }),
      HBURDFU: patient.liverBurden,
    },
    {
      by: 'investigator',
      // A first image has nothing to be compared with.
      missing: findings.RECIST === undefined ? { RECIST: 'not-applicable' } : {},
      rows: { group: 'IG.IM.TL', values },
    },
  );
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
