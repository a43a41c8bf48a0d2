import { addDays } from '#values';
import { type Course, dayOf } from '../course.js';
import { type FilledForm, filled, type Value } from '../filled-form.js';
import { DAYS_PER_YEAR, flaws } from '../parameters.js';
import type { Random } from '../random.js';

const QUESTIONS = 51;
/** The two questions on health and quality of life as a whole, from 1 (worst) to 7. */
const isGlobal = (question: number) => question === 29 || question === 30;

/** A quality-of-life questionnaire; fewer are handed in from year to year. */
export function questionnaire(course: Course, visit: string, day: number, random: Random): FilledForm {
  const { inclusion, fates, patient } = course;
  const years = Math.max(0, day / DAYS_PER_YEAR);
  const head = { QLDAT: addDays(inclusion, day), QLMODE: random.weighted({ PAPER: 55, EPRO: 40, PHONE: 5 }) };
  if (random.chance(flaws.questionnaire + flaws.questionnairePerYear * years)) {
    return filled(visit, 'QL', {
      ...head,
      QLMISS: random.choice(['Not handed in', 'Too unwell', 'Refused']),
    });
  }
  const burden = 0.08 + 0.08 * patient.ecog + (dayOf(fates.progression) <= day ? 0.08 : 0);
  const answers: Record<string, Value> = {};
  for (let question = 1; question <= QUESTIONS; question++) {
    const steps = isGlobal(question) ? 6 : 3;
    let score = 0;
    for (let step = 0; step < steps; step++) if (random.chance(burden)) score++;
    answers[`Q${String(question).padStart(2, '0')}`] = isGlobal(question) ? 7 - score : 1 + score;
  }
  return filled(visit, 'QL', { ...head, ...answers });
}
