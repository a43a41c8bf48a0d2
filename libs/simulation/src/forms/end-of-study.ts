import { addDays } from '#values';
import type { Course, End } from '../course.js';
import { type FilledForm, filled } from '../filled-form.js';
import { shares } from '../parameters.js';
import type { Random } from '../random.js';

const VISIT = 'V_EOS';

export function endOfStudy({ inclusion }: Course, end: End): FilledForm {
  return filled(
    VISIT,
    'ES',
    {
      ESDAT: addDays(inclusion, end.day),
      ESREAS: end.reason,
      ESLASTALIVE: addDays(inclusion, end.lastAlive),
    },
    { by: 'investigator' },
  );
}

/** The death as the site reports it. For some deaths nobody knows the cause. */
export function death(course: Course, end: End, random: Random): FilledForm {
  const { inclusion } = course;
  const date = addDays(inclusion, end.day);
  const cause = random.chance(shares.unknownCause) ? 'UNKNOWN' : causeOf(course, end, random);
  return filled(
    VISIT,
    'DD',
    {
      DTHDAT: random.chance(0.04) ? date.slice(0, 7) : date,
      DTHPLACE: random.weighted({ HOSP: 50, HOME: 25, HOSPICE: 20, UNK: 5 }),
      AUTOPSY: random.weighted({ N: 93, Y: 3, UNK: 4 }),
      DTHCAUSE_S: cause,
      DTHMECH:
        cause === 'SINET'
          ? random.weighted({ LIVERFAIL: 80, OBSTRISCH: 16, CACHEXIA: 2, CHD: 2 })
          : undefined,
      DTHSOURCE: random.weighted({ CERT: 35, REPORT: 50, REGISTRY: 8, RELATIVE: 7 }),
      DTHTEXT: random.chance(0.3) ? 'Simulated narrative: no real person stands behind it.' : undefined,
    },
    { by: 'investigator' },
  );
}

function causeOf({ fates, surgery }: Course, end: End, random: Random): string {
  if (fates.death.cause === 'other')
    return random.weighted({ CARDIOVASCULAR: 40, OTHER_CANCER: 25, INFECTION: 15, OTHER: 20 });
  const afterSurgery = surgery !== undefined && end.day - surgery.day <= 90;
  if (afterSurgery && random.chance(shares.postoperativeDeath)) return 'POSTOP';
  return random.chance(0.02) ? 'TREATMENT' : 'SINET';
}
