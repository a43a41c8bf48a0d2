import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller, Grant, Role } from '#access';
import { CasebookFacts, casebookCommands, casebooks, SubjectKeys } from '#casebook';
import { Runner, Streams } from '#commands';
import { compile, nothingLocked, Studies, shippedStudies, studyCommands } from '#study';
import { freshStore } from '../../../test/database.js';
import { drawCourse } from './course.js';
import { enterTrial } from './enter.js';
import { keyOf } from './key.js';
import { rosterOf } from './roster.js';
import { trialSites } from './sites.js';
import { stepsOf } from './steps.js';
import type { Staff } from './target.js';

const TODAY = '2025-11-01';
const LOG = 'SINET';
/** Among its first six subjects are a death, a withdrawal, a loss and a crossover. */
const SEED = 357;
const definition = shippedStudies().find(({ study }) => study.oid === LOG)!;

function person(role: Role, sites: Grant['sites'] = 'all'): Caller {
  const id = `${role} ${sites}`;
  return { id, name: id, grants: [{ study: LOG, role, sites, unblinded: false }] };
}

const staff: Staff = {
  investigatorOf: (site) => person('investigator', [site]),
  coordinatorOf: (site) => person('coordinator', [site]),
  monitor: person('monitor'),
  dataManager: person('data-manager'),
  administrator: person('administrator'),
};

let fresh: Awaited<ReturnType<typeof freshStore>>;
beforeAll(async () => {
  fresh = await freshStore();
  const { runner } = node();
  const call = { log: LOG, caller: staff.dataManager, key: keyOf('study') };
  await runner.run(studyCommands.CreateStudy, { definition }, call);
});
afterAll(() => fresh.close());

const keyEncryptionKey = randomBytes(32);

/** As after a start: nothing is cached. */
function node() {
  const { store, pool } = fresh;
  const streams = new Streams(store);
  const studies = new Studies(streams);
  const commands = casebookCommands(
    new CasebookFacts(studies, new SubjectKeys(pool, keyEncryptionKey, randomBytes), pool),
  );
  return { store, runner: new Runner<Caller>(store, streams, () => new Date()), studies, commands };
}

const death = new Error('the process died');

/** A node that does only so many acts. */
function dyingAfter(acts: number) {
  const { runner, ...rest } = node();
  let done = 0;
  const dying = Object.assign(Object.create(runner) as typeof runner, {
    run: async (...given: Parameters<typeof runner.run>) => {
      if (++done > acts) throw death;
      return runner.run(...given);
    },
  });
  return { runner: dying, ...rest };
}

async function countEvents(): Promise<number> {
  const { rows } = await fresh.pool.query<{ count: number }>('SELECT count(*)::int FROM event');
  return rows[0]!.count;
}

describe('every form', () => {
  it('is acceptable to the shipped definition, first entries and corrections alike', () => {
    const study = compile(definition, 1);
    const { EnterForm } = node().commands;
    const facts = {
      study,
      today: TODAY,
      mayEnter: ({ hiddenFrom = [] }: { hiddenFrom?: readonly string[] }) =>
        !hiddenFrom.includes('coordinator'),
      seal: (_: string, text: string) => ({ sealed: text }),
      actor: { system: 'spec' },
      now: `${TODAY}T00:00:00.000Z`,
      ifMatch: undefined,
      view: () => undefined,
      shows: () => false,
      open: undefined,
    };
    const free = { own: facts, locks: { state: nothingLocked, revision: -1, position: -1 } };
    let forms = 0;
    for (const enrolment of rosterOf('forms', 300, TODAY)) {
      for (const step of stepsOf('forms', drawCourse('forms', enrolment, TODAY), study, TODAY)) {
        if (step.act !== 'EnterForm') continue;
        const { act: _, by: __, ...form } = step;
        EnterForm.prepare({ ...form, subject: 'FR01-0001' }, casebooks.initial, free);
        forms++;
      }
    }
    expect(forms).toBeGreaterThan(10_000);
  });
});

describe('a small trial', () => {
  const options = { seed: SEED, subjects: 6, today: TODAY };
  const courses = rosterOf(String(SEED), 6, TODAY).map((one) => drawCourse(String(SEED), one, TODAY));

  it('is completed, not doubled, when it is run again after it was cut short', async () => {
    await expect(enterTrial(dyingAfter(200), staff, options)).rejects.toBe(death);
    const before = await countEvents();
    expect(before).toBeGreaterThan(200);

    const told: number[] = [];
    await enterTrial(node(), staff, { ...options, onProgress: (done) => told.push(done) });
    expect(told).toEqual([1, 2, 3, 4, 5, 6]);
    const complete = await countEvents();
    expect(complete).toBeGreaterThan(before);

    // What is complete is not gone through again: the sites and the enrolments are.
    await enterTrial(dyingAfter(trialSites.length + options.subjects), staff, options);
    expect(await countEvents()).toBe(complete);
  });

  it('has every subject as its course tells', async () => {
    const { rows } = await fresh.pool.query<{ subject: string; site: string; status: string; arm: string }>(
      'SELECT subject, site, status, arm FROM subject',
    );
    const statusOf = { DEATH: 'dead', WITHDRAWN: 'withdrawn', LOST: 'enrolled', COMPLETE: 'enrolled' };
    const numbers = new Map<string, number>();
    const expected = courses.map(({ site, arm, end }) => {
      const number = (numbers.get(site) ?? 0) + 1;
      numbers.set(site, number);
      const subject = `${site}-${String(number).padStart(4, '0')}`;
      return { subject, site, status: end ? statusOf[end.reason] : 'enrolled', arm };
    });
    const byKey = (a: { subject: string }, b: { subject: string }) => (a.subject < b.subject ? -1 : 1);
    expect(rows.sort(byKey)).toEqual(expected.sort(byKey));
    expect(new Set(rows.map((row) => row.status))).toEqual(new Set(['enrolled', 'dead', 'withdrawn']));
    expect(courses.map((course) => course.surgery?.type)).toContain('CROSSOVER');
  });

  it('has every form that its steps enter, complete', async () => {
    const study = compile(definition, 1);
    const steps = courses.flatMap((course) => [...stepsOf(String(SEED), course, study, TODAY)]);
    const { rows } = await fresh.pool.query<{ complete: boolean }>('SELECT complete FROM form');
    expect(rows).toHaveLength(steps.filter((step) => step.act === 'EnterForm' && step.whole).length);
    expect(rows.every((row) => row.complete)).toBe(true);
  });

  it('has queries by edit checks and by people, settled and unsettled', async () => {
    const { rows } = await fresh.pool.query<{ status: string; automatic: boolean }>(
      `SELECT DISTINCT status, state->>'check' IS NOT NULL AS automatic FROM query`,
    );
    expect(rows).toContainEqual({ status: 'closed', automatic: true });
    expect(rows).toContainEqual({ status: 'closed', automatic: false });
    expect(rows.map((row) => row.status)).toEqual(expect.arrayContaining(['open', 'answered']));
  });
});
