import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '#access';
import { DailyChecks } from '#casebook';
import { Runner } from '#commands';
import { enrol, formPath, STUDY, subjectPath } from './casebook.js';
import { accepted, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

const { installation } = trial.started;
const investigator = trial.as('investigator');
const DAY_MS = 86_400_000;
const today = new Date();
const daysAgo = (days: number) => new Date(today.getTime() - days * DAY_MS).toISOString().slice(0, 10);
const inDays = (days: number) => new Date(today.getTime() + days * DAY_MS);

/** A node, on a day. */
function nodeOn(now: Date): DailyChecks {
  const { pool, store, streams, studies, commands } = installation;
  return new DailyChecks({
    ...{ pool, studies, commands },
    runner: new Runner<Caller>(store, streams, () => now),
    now: () => now,
    uuid: randomUUID,
    onFault: (where, error) => {
      throw new Error(where, { cause: error });
    },
  });
}

/** Included a hundred days ago, to be operated, and not operated yet. */
async function waiting(): Promise<string> {
  const subject = await enrol(investigator);
  await accepted(
    investigator.put(formPath(subject, 'V_INC', 'EN'), {
      items: { 'I.EN.ENDAT': daysAgo(100), 'I.EN.ARM': 'A' },
    }),
  );
  await accepted(investigator.post(`${subjectPath(subject)}/allocation`, { arm: 'A', date: daysAgo(100) }));
  return subject;
}

const asked = async (subject: string) => {
  const { items } = await accepted(
    trial.as('dataManager').get(`${STUDY}/queries?subject=${subject}&check=C15.SURGERY`),
  );
  return items.map(({ status }: { status: string }) => status);
};

describe('checks that read the day', () => {
  let subjects: string[];
  beforeAll(async () => {
    subjects = [await waiting(), await waiting(), await waiting()];
  });

  it('ask nothing while the day has not come', async () => {
    for (const subject of subjects) expect(await asked(subject)).toEqual([]);
    await nodeOn(inDays(1)).run();
    for (const subject of subjects) expect(await asked(subject)).toEqual([]);
  });

  it('ask though nobody does anything, but not of locked data, and once however many nodes there are', async () => {
    const [first, second, locked] = subjects as [string, string, string];
    await accepted(trial.as('dataManager').post(`${subjectPath(locked)}/locks`, {}));
    await Promise.all([1, 2, 3].map(() => nodeOn(inDays(30)).run()));
    expect(await asked(first)).toEqual(['open']);
    expect(await asked(second)).toEqual(['open']);
    expect(await asked(locked)).toEqual([]);
    const { rows } = await installation.pool.query('SELECT reached, done FROM daily_check');
    expect(rows).toEqual([{ reached: locked, done: true }]);
  });

  it('go on where a node was interrupted', async () => {
    const [first] = subjects as [string];
    const late = [await waiting(), await waiting()] as const;
    const day = inDays(31).toISOString().slice(0, 10);
    await installation.pool.query('UPDATE daily_check SET day = $1, reached = $2, done = false', [
      day,
      late[0],
    ]);
    await nodeOn(inDays(31)).run();
    expect(await asked(late[0])).toEqual([]);
    expect(await asked(late[1])).toEqual(['open']);
    await nodeOn(inDays(32)).run();
    expect(await asked(late[0])).toEqual(['open']);
    expect(await asked(first)).toEqual(['open']);
  });

  it('ask no longer once the operation is entered', async () => {
    const [first] = subjects as [string];
    await accepted(
      investigator.put(formPath(first, 'V_SURG', 'SU'), { items: { 'I.SU.SUDAT': daysAgo(10) } }),
    );
    expect(await asked(first)).toEqual(['closed']);
  });
});
