import { afterAll, describe, expect, it } from 'vitest';
import { expectProblem, STUDY } from './casebook.js';
import { accepted, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

const manager = trial.as('dataManager');
const XML = { 'Content-Type': 'application/xml' };
const definition = async () => {
  const { text } = await manager.get(`${STUDY}/definitions/1`, { Accept: 'application/xml' });
  return text;
};
const publish = (xml: string, person: 'dataManager' | 'monitor' | 'nobody' = 'dataManager') =>
  trial.as(person).raw('POST', `${STUDY}/definitions`, xml, XML);

describe('the next version of a definition, as ODM', () => {
  it('is refused where nothing changes, or nobody may publish, or it is no document', async () => {
    const xml = await definition();
    expectProblem(await publish(xml), 409, 'conflict');
    expectProblem(await publish(xml, 'monitor'), 403, 'not-permitted');
    expectProblem(await publish(xml, 'nobody'), 401, 'unauthenticated');
    expectProblem(await publish('<ODM'), 422, 'invalid-definition');
    const entities = xml.replace('<ODM', '<!DOCTYPE ODM [<!ENTITY a "b">]><ODM');
    expectProblem(await publish(entities), 422, 'invalid-definition');
    expectProblem(await publish(`${xml}${' '.repeat(64 * 1_048_576)}`), 413, 'body-too-large');
  });

  it('is published, with what it changes and what is not carried', async () => {
    const xml = (await definition()).replace('Name="ECOG performance status"', 'Name="ECOG"');
    const changed = xml.replaceAll('<TranslatedText>ECOG performance status<', '<TranslatedText>ECOG<');
    const body = await accepted(publish(changed));
    expect(body).toMatchObject({ study: 'SINET', version: 2, unsupported: [], needMigration: { count: 0 } });
    expect(body.changes).toContainEqual(expect.objectContaining({ kind: 'relabelled' }));
    expect((await manager.get(`${STUDY}/definitions/2`)).status).toBe(200);
  });
});
