import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { enrol, expectProblem, formPath, ifMatch, reason, tagOf } from './casebook.js';
import type { ApiClient } from './client.js';
import { startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

describe('two who correct one form at the same time', () => {
  it('one wins; the other is told the winner’s values', async () => {
    const path = formPath(await enrol(trial.as('investigator')), 'V_SCR', 'DM');
    let seen = await trial.as('investigator').put(path, { items: { 'I.DM.CHARLSON': 0 } });
    for (let round = 0; round < 10; round++) {
      const correct = (client: ApiClient, value: number) =>
        client.patch(path, { items: { 'I.DM.CHARLSON': value }, reason }, ifMatch(seen));
      const values = [2 * round + 1, 2 * round + 2];
      const answers = await Promise.all([
        correct(trial.as('investigator'), values[0]!),
        correct(trial.as('coordinator'), values[1]!),
      ]);
      const winner = answers.findIndex(({ status }) => status === 200);
      const loser = answers[1 - winner]!;
      expectProblem(loser, 412, 'stale');
      expect(loser.body.current.items['I.DM.CHARLSON'].value).toBe(values[winner]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
      seen = answers[winner]!;
      const now = await trial.as('monitor').get(path);
      expect(now.body.items['I.DM.CHARLSON'].value).toBe(values[winner]);
      expect(tagOf(now)).toBe(tagOf(seen));
    }
  });

  it('on a form that nobody has entered: one first entry, and no other', async () => {
    for (let round = 0; round < 5; round++) {
      const path = formPath(await enrol(trial.as('investigator')), 'V_SCR', 'DM');
      const answers = await Promise.all(
        Array.from({ length: 6 }, (_, i) =>
          trial.as(i % 2 ? 'investigator' : 'coordinator').put(path, { items: { 'I.DM.CHARLSON': i } }),
        ),
      );
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).toEqual([201, 428, 428, 428, 428, 428]);
    }
  });
});

describe('many who each add to a list that they read before', () => {
  it('lose no update: the final list has every accepted addition once, in the order of the history', async () => {
    const path = formPath(await enrol(trial.as('investigator')), 'COMMON', 'AE');
    const item = 'I.AE.AEACT';
    await trial.as('investigator').put(path, { items: { [item]: '-' } });
    const accepted: string[] = [];
    const addAll = async (client: ApiClient) => {
      for (let added = 0; added < 4; ) {
        const read = await client.get(path);
        const element = randomUUID().slice(0, 6);
        const text = `${read.body.items[item].value} ${element}`;
        const answer = await client.patch(path, { items: { [item]: text }, reason }, ifMatch(read));
        if (answer.status === 412) continue;
        expect(answer.status, answer.text).toBe(200);
        accepted.push(element);
        added++;
      }
    };
    await Promise.all(
      Array.from({ length: 6 }, (_, i) => addAll(trial.as(i % 2 ? 'investigator' : 'coordinator'))),
    );

    const final: string[] = (await trial.as('monitor').get(path)).body.items[item].value.split(' ').slice(1);
    expect(final).toHaveLength(24);
    expect([...final].sort()).toEqual([...accepted].sort());
    const { body } = await trial.as('monitor').get(`${path}/history`);
    for (const [version, { value }] of body.items.entries())
      expect(value.split(' ').slice(1)).toEqual(final.slice(0, version));
  });
});
