import { addDays } from '#values';
import type { Course } from '../course.js';
import { type FilledForm, filled } from '../filled-form.js';
import { DAYS_PER_YEAR } from '../parameters.js';
import { type Random, rounded } from '../random.js';

/** Above what any assay reports undiluted; rare, true, and asked about. */
const EXTREME_CHROMOGRANIN = 120_000;

/** Blood and urine on a day; the tumour markers rise after progression. */
export function laboratory(course: Course, visit: string, day: number, random: Random): FilledForm {
  const { site, inclusion, patient, fates } = course;
  const progressedFor = Math.max(0, day / DAYS_PER_YEAR - fates.progression);
  const marker = Math.exp(0.35 * progressedFor);
  const about = (median: number, sd: number, places = 0) => rounded(random.logNormal(median, sd), places);
  const chromogranin = random.chance(0.003)
    ? EXTREME_CHROMOGRANIN
    : rounded(Math.max(8, patient.chromogranin * marker * random.logNormal(1, 0.2)));
  return filled(visit, 'LB', {
    LBDAT: addDays(inclusion, day),
    LBLAB: `Laboratory ${site}`,
    CGA: chromogranin,
    CGAU: 'ng/mL',
    CGAULN: 100,
    PPI: random.chance(0.2) ? 'Y' : 'N',
    HIAA: about((patient.carcinoidSyndrome ? 28 : 7) * marker, 0.3, 1),
    HIAAU: 'mg/24h',
    HIAAMED: 'URINE',
    NSE: about(11, 0.3, 1),
    HB: rounded(random.normal(13.2, 1.2), 1),
    PLT: about(235, 0.25),
    WBC: about(6.6, 0.25, 1),
    CREA: about(78, 0.22),
    BILI: about(10, 0.35),
    ALB: rounded(random.normal(40, 3.5)),
    ALP: about(110 * marker, 0.4),
    GGT: about(70 * marker, 0.6),
    ALT: about(27, 0.4),
    AST: about(28, 0.35),
    INR: rounded(random.normal(1.03, 0.06), 2),
    NTPROBNP: about(140, 0.7),
    VITB12: about(300, 0.3),
  });
}
