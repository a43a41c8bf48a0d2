import type { CompiledStudy } from '#study';
import { addDays, daysBetween, formatKey } from '#values';
import type { Course, End, Visit } from './course.js';
import { cleaning } from './data-cleaning.js';
import type { FilledForm } from './filled-form.js';
import { enterWithFlaws } from './flawed-entry.js';
import { admission, diagnosis, inclusion } from './forms/baseline.js';
import { death, endOfStudy } from './forms/end-of-study.js';
import { carcinoid, followUp, isNew } from './forms/follow-up.js';
import { baselineImaging, followUpImaging } from './forms/imaging.js';
import { laboratory } from './forms/laboratory.js';
import { adverseEvents, endOfFirstLine, firstLine, nextLine } from './forms/logs.js';
import { questionnaire } from './forms/questionnaire.js';
import { afterSurgery, operation } from './forms/surgery.js';
import { Random } from './random.js';
import type { Step } from './step.js';

/**
 * Everything that is done on one subject's casebook from the first form on, in order.
 *
 * @param today last possible day of a date, YYYY-MM-DD
 */
export function* stepsOf(seed: string, course: Course, study: CompiledStudy, today: string): Generator<Step> {
  const random = new Random(`${seed} forms ${course.number}`);
  const logs = new Logs();
  const enter = (forms: readonly FilledForm[]) => occasion(forms, study, today, random);

  yield* enter(screening(course, random));
  yield* enter([inclusion(course, random)]);
  yield { act: 'AllocateArm', arm: course.arm, date: course.inclusion };
  const first = firstLine(course, random);
  yield* enter(logs.number(first));
  for (const visit of course.visits) {
    yield { act: 'SettleChecks' };
    yield* enter(formsOf(course, visit, random));
    if (visit.oid === 'V_SURG') yield* crossover(course);
    if (!visit.oid.startsWith('V_M')) continue;
    if (isNew(course.fates.progression, visit)) {
      if (first.length > 0 && random.chance(0.5)) yield endOfTreatment(course, visit);
      yield* enter(logs.number([nextLine(course, visit, random)]));
    }
    yield* enter(logs.number(adverseEvents(course, visit, random)));
  }
  if (course.end) yield* ending(course, course.end, enter, random);
}

/** Forms are entered together; what has to be cleaned in them comes afterwards. */
function occasion(forms: readonly FilledForm[], study: CompiledStudy, today: string, random: Random): Step[] {
  const flawed = forms.map((form) => enterWithFlaws(form, study, today, random));
  return [
    ...flawed.map(({ entered }): Step => ({ act: 'EnterForm', ...entered, whole: true, complete: true })),
    ...flawed.flatMap((one) => cleaning(one, random)),
  ];
}

/** Screening takes place on the day of consent. */
function screening(course: Course, random: Random): FilledForm[] {
  const day = daysBetween(course.inclusion, course.consent);
  return [
    ...admission(course, random),
    diagnosis(course, random),
    laboratory(course, 'V_SCR', day, random),
    baselineImaging(course, day, random),
    carcinoid(course, 'V_SCR', day, random),
    questionnaire(course, 'V_SCR', day, random),
  ];
}

const withQuestionnaire = new Set(['V_M06', 'V_M12', 'V_M24', 'V_M36', 'V_M48', 'V_M60']);

function formsOf(course: Course, visit: Visit, random: Random): FilledForm[] {
  const { oid, day } = visit;
  if (oid === 'V_SURG') return course.surgery ? operation(course, course.surgery, random) : [];
  if (oid.startsWith('V_POD')) return [afterSurgery(course, visit, random)];
  return [
    followUp(course, visit, random),
    laboratory(course, oid, day, random),
    followUpImaging(course, visit, random),
    carcinoid(course, oid, day, random),
    ...(withQuestionnaire.has(oid) ? [questionnaire(course, oid, day, random)] : []),
  ];
}

/** Only an operation that was chosen is a change of strategy; an emergency is not. */
function crossover({ inclusion, surgery }: Course): Step[] {
  if (surgery?.type !== 'CROSSOVER') return [];
  const reason = { code: 'crossover', text: 'Resection of the primary decided during follow-up' };
  return [{ act: 'AllocateArm', arm: 'A', date: addDays(inclusion, surgery.day), reason }];
}

function endOfTreatment(course: Course, visit: Visit): Step {
  return change('COMMON', 'TX', endOfFirstLine(course, visit), 'Treatment changed');
}

function change(visit: string, form: string, items: FilledForm['items'], text: string): Step {
  const reason = { code: 'update', text };
  return {
    act: 'EnterForm',
    visit,
    form,
    by: 'investigator',
    items,
    missing: {},
    rows: {},
    whole: false,
    reason,
  };
}

function* ending(
  course: Course,
  end: End,
  enter: (forms: readonly FilledForm[]) => Step[],
  random: Random,
): Generator<Step> {
  const date = addDays(course.inclusion, end.day);
  yield { act: 'SettleChecks' };
  if (end.reason === 'WITHDRAWN') {
    const scope = { 'I.IC.ICWDAT': date, 'I.IC.ICWSCOPE': random.weighted({ VISITS: 80, DATA: 20 }) };
    yield change('V_SCR', 'IC', scope, 'Consent withdrawn');
  }
  if (end.reason === 'DEATH') yield* enter([death(course, end, random)]);
  yield* enter([endOfStudy(course, end)]);
  if (end.reason === 'WITHDRAWN') {
    const reason = { code: 'consent-withdrawn', text: 'The subject wishes no further visits' };
    yield { act: 'WithdrawSubject', date, reason };
  }
}

/** Gives the forms of the repeating logs their numbers: `TX`, `TX~2`, and so on. */
class Logs {
  private readonly counts = new Map<string, number>();

  number(forms: readonly FilledForm[]): FilledForm[] {
    return forms.map((form) => {
      const repeat = (this.counts.get(form.form) ?? 0) + 1;
      this.counts.set(form.form, repeat);
      return { ...form, form: formatKey({ oid: form.form, repeat }) };
    });
  }
}
