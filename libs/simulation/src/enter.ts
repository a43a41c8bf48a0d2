import type { Receipt } from '#commands';
import { studyCommands } from '#study';
import { CasebookEntry } from './casebook-entry.js';
import { drawCourse } from './course.js';
import { inParallel } from './in-parallel.js';
import { keyOf } from './key.js';
import { trial } from './parameters.js';
import { type Enrolment, rosterOf } from './roster.js';
import { trialSites } from './sites.js';
import { stepsOf } from './steps.js';
import type { Staff, Target } from './target.js';

/** How many subjects are entered at the same time. */
const WIDTH = 16;

export interface TrialOptions {
  readonly seed: number;
  readonly subjects: number;
  /**
   * The trial lies in the years before this day, YYYY-MM-DD. Absent: before the day on which its first act
   * was recorded, so that a run may be completed on a later day.
   */
  readonly today?: string;
  /** Told after each subject how many are entered. */
  onProgress?(done: number, total: number): void;
}

/**
 * Enters a simulated trial through the commands that every request takes. The same options make the same
 * trial. A run that was cut short is completed by running it again with the same options: every act has an
 * idempotency key that follows from them.
 *
 * @throws Problem when an act is refused, not-found when the study has not been set up
 */
export async function enterTrial(target: Target, staff: Staff, options: TrialOptions): Promise<void> {
  const { subjects, onProgress } = options;
  const seed = String(options.seed);
  const study = await target.studies.current(trial.study);
  const [first] = await openSites(target, staff, seed);
  const today = options.today ?? first!.events[0]!.recordedAt.slice(0, 10);
  const roster = rosterOf(seed, subjects, today);
  const keys = await enrol(target, staff, seed, roster);
  let done = 0;
  await inParallel(roster, WIDTH, async (enrolment) => {
    const { number, site } = enrolment;
    const steps = [...stepsOf(seed, drawCourse(seed, enrolment, today), study, today)];
    const entry = new CasebookEntry(target, staff, site, keys.get(number)!, `${seed} subject ${number}`);
    if (!(await entry.hasTaken(steps.length))) for (const step of steps) await entry.take(step);
    onProgress?.(++done, subjects);
  });
}

async function openSites({ runner }: Target, { administrator }: Staff, seed: string): Promise<Receipt[]> {
  const receipts = [];
  for (const site of trialSites) {
    const call = { log: trial.study, caller: administrator, key: keyOf(`${seed} site ${site.site}`) };
    receipts.push(await runner.run(studyCommands.OpenSite, site, call));
  }
  return receipts;
}

/** Each site enrols its subjects in order, so that every run gives them the same keys; by number. */
async function enrol(
  { runner, commands }: Target,
  staff: Staff,
  seed: string,
  roster: readonly Enrolment[],
): Promise<ReadonlyMap<number, string>> {
  const keys = new Map<number, string>();
  await inParallel(trialSites, WIDTH, async ({ site }) => {
    for (const { number, consent } of roster.filter((one) => one.site === site)) {
      const call = {
        log: trial.study,
        caller: staff.coordinatorOf(site),
        key: keyOf(`${seed} subject ${number} enrolment`),
      };
      const receipt = await runner.run(commands.EnrolSubject, { site, consentDate: consent }, call);
      keys.set(number, (receipt.events[0]!.data as { subject: string }).subject);
    }
  });
  return keys;
}
