import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId, systemCaller } from '#access';
import { openInstallation } from '#installation';
import {
  enrol,
  expectProblem,
  faultsOf,
  formPath,
  positionOf,
  reason,
  STUDY,
  subjectPath,
} from './casebook.js';
import type { Answer } from './client.js';
import { accepted, type Person, startTrial } from './trial.js';

const trial = await startTrial();
/** Another node, which has read what was current before anything was published. */
const otherNode = await openInstallation(trial.databaseUrl, trial.secrets, {
  now: () => new Date(),
  random: randomBytes,
  uuid: randomUUID,
  onFault: (where, error) => {
    throw new Error(where, { cause: error });
  },
});
afterAll(async () => {
  await otherNode.close();
  await trial.close();
});
const manager = trial.as('dataManager');
const coordinator = trial.as('coordinator');

interface Item {
  oid: string;
  label: string;
  [property: string]: unknown;
}
interface Definition {
  study: { oid: string; name: string };
  visits: { oid: string; forms: string[] }[];
  forms: { oid: string; groups: { items: Item[] }[] }[];
  codeLists: { oid: string; codes: { code: string; label: string }[] }[];
}

const demographics = ({ forms }: Definition) => forms.find(({ oid }) => oid === 'DM')!.groups[0]!;
const item = (definition: Definition, oid: string) =>
  demographics(definition).items.find((one) => one.oid === oid)!;

/** Something of everything: safe changes, one that raises a query, an item and a form that are gone. */
function second(definition: Definition): void {
  const group = demographics(definition);
  item(definition, 'I.DM.SEX').label = 'Sex at birth';
  const { codes } = definition.codeLists.find(({ oid }) => oid === 'CL.SEX')!;
  codes.find(({ code }) => code === 'F')!.label = 'Woman';
  item(definition, 'I.DM.WEIGHT').range = { soft: { min: 30, max: 400 }, hard: { min: 0 } };
  item(definition, 'I.DM.HEIGHT').range = { soft: { min: 150, max: 220 }, hard: { min: 0 } };
  group.items = group.items.filter(({ oid }) => oid !== 'I.DM.ASA');
  group.items.push({ oid: 'I.DM.SMOKER', label: 'Smoker', type: 'text', presence: 'optional' });
  const screening = definition.visits.find(({ oid }) => oid === 'V_SCR')!;
  screening.forms = screening.forms.filter((form) => form !== 'CS');
}

async function changed(change: (definition: Definition) => void, version = 1): Promise<Definition> {
  const definition: Definition = await accepted(manager.get(`${STUDY}/definitions/${version}`));
  change(definition);
  return definition;
}

const adopt = (subject: string, definition: unknown, options = {}, query = '') =>
  manager.post(`${subjectPath(subject)}/migration${query}`, { definition }, options);
const adoptAll = (body: object, options = {}, query = '') =>
  manager.post(`${STUDY}/migrations${query}`, body, options);
const dm = (subject: string) => formPath(subject, 'V_SCR', 'DM');
const versionOf = async (subject: string) => (await accepted(manager.get(subjectPath(subject)))).definition;
const queriesOf = async (subject: string): Promise<[string, string][]> =>
  (await accepted(manager.get(`${STUDY}/queries?subject=${subject}`))).items.map(
    (query: { item: string; status: string }) => [query.item, query.status],
  );

const entries = { 'I.DM.SEX': 'F', 'I.DM.WEIGHT': 300, 'I.DM.HEIGHT': 145, 'I.DM.ASA': 2 };

/** Enrolled under the first version, with entries of which the second one makes something else. */
async function enrolledBefore(site = 'FR01'): Promise<string> {
  const client = site === 'FR01' ? coordinator : trial.as('otherCoordinator');
  const subject = await enrol(client, site);
  await accepted(client.put(dm(subject), { items: entries }));
  return subject;
}

let first: string;
let unread: string[];
let published: Answer;
const publishKey = randomUUID();
beforeAll(async () => {
  first = await enrolledBefore();
  await accepted(coordinator.put(formPath(first, 'V_SCR', 'CS'), { items: {}, complete: true }));
  unread = [await enrolledBefore(), await enrolledBefore(), await enrolledBefore('DE01')];
  await otherNode.studies.current('SINET');
  published = await manager.post(`${STUDY}/definitions`, await changed(second), { key: publishKey });
});

describe('publishing the next version', () => {
  it('C-24 says what changed, item by item, and which changes are safe, need a mapping or lose data', () => {
    expect(published.status, published.text).toBe(201);
    expect(published.headers.get('location')).toBe('/api/v1/studies/SINET/definitions/2');
    const { study, version, changes } = published.body;
    expect({ study, version }).toEqual({ study: 'SINET', version: 2 });
    const told = changes.map(({ path, verdict }: Record<string, string>) => `${path} ${verdict}`);
    expect(told.sort()).toEqual([
      '/codeLists/CL.SEX/codes/F/label safe',
      '/items/I.DM.ASA loses-data',
      '/items/I.DM.HEIGHT/softRange needs-mapping',
      '/items/I.DM.SEX/label safe',
      '/items/I.DM.SMOKER safe',
      '/items/I.DM.WEIGHT/softRange safe',
      '/visits/V_SCR/forms loses-data',
    ]);
    for (const change of changes)
      expect(change).toMatchObject({ kind: expect.any(String), text: expect.any(String) });
  });

  it('says which casebooks follow an earlier one', () => {
    expect(published.body.needMigration).toEqual({ count: 4, subjects: [first, ...unread].sort() });
  });

  it('is for subjects who are enrolled from then on; casebooks stay as they are', async () => {
    expect(await versionOf(await enrol(coordinator))).toBe(2);
    expect(await versionOf(first)).toBe(1);
    expect((await accepted(manager.get(STUDY))).version).toBe(2);
    const { items } = await accepted(manager.get(`${STUDY}/definitions`));
    expect(items.map(({ version }: { version: number }) => version)).toEqual([1, 2]);
  });

  it('counts at once on every node', async () => {
    const { studies, runner, commands } = otherNode;
    expect((await studies.current('SINET')).version).toBe(2);
    const call = { log: 'SINET', caller: systemCaller('node'), key: randomUUID() };
    const command = { site: 'FR01', consentDate: '2024-01-10' };
    const { events } = await runner.run(commands.EnrolSubject, command, call);
    expect(events).toMatchObject([{ data: { definition: 2 } }]);
  });

  it('a retry is told the same, and publishes nothing', async () => {
    const again = await manager.post(`${STUDY}/definitions`, await changed(second), { key: publishKey });
    expect(again).toMatchObject({ status: 201, body: published.body });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect((await accepted(manager.get(STUDY))).version).toBe(2);
  });

  it('is refused where nothing changes, for another study, and with faults', async () => {
    const publish = async (change: (definition: Definition) => void) =>
      manager.post(`${STUDY}/definitions`, await changed(change, 2));
    expectProblem(await publish(() => undefined), 409, 'conflict');
    const other = await publish(({ study }) => Object.assign(study, { oid: 'OTHER' }));
    expectProblem(other, 422, 'invalid-definition');
    expect(faultsOf(other)).toEqual({ '/study/oid': 'other-study' });
    const faulty = await publish((definition) => Object.assign(definition, { colour: 'red' }));
    expectProblem(faulty, 422, 'invalid-definition');
    expect(faultsOf(faulty)).toEqual({ '/colour': 'unknown-property' });
  });

  it('has a diff of any two versions', async () => {
    const diff = await accepted(manager.get(`${STUDY}/definitions/1/diff/2`));
    expect(diff).toEqual({ from: 1, to: 2, changes: published.body.changes });
    expect((await accepted(manager.get(`${STUDY}/definitions/2/diff/2`))).changes).toEqual([]);
    expect((await accepted(manager.get(`${STUDY}/definitions/2/diff/1`))).changes).toHaveLength(7);
    for (const path of ['1/diff/9', '9/diff/1', '0/diff/1', 'x/diff/1', '0x1', '1.0'])
      expectProblem(await manager.get(`${STUDY}/definitions/${path}`), 404, 'not-found');
  });
});

describe('a casebook', () => {
  const kept = (form: string, oid: string) =>
    expect.objectContaining({ visit: 'V_SCR', form, item: oid, why: 'retired' });
  const told = () => ({
    subjectKey: first,
    from: 1,
    to: 2,
    definition: 2,
    kept: [kept('DM', 'I.DM.ASA')],
    queries: {
      raised: [expect.objectContaining({ item: 'I.DM.HEIGHT', check: 'range' })],
      closed: expect.arrayContaining([`${first}-Q1`]),
    },
  });

  it('C-24 rehearses the adoption: a report, and nothing stored', async () => {
    const sizes = await trial.logSizes();
    const rehearsed = await adopt(first, 2, {}, '?dryRun=true');
    expect(rehearsed.status, rehearsed.text).toBe(200);
    expect(rehearsed.body).toMatchObject({ dryRun: true, ...told() });
    expect(await trial.logSizes()).toEqual(sizes);
    expect(await versionOf(first)).toBe(1);
    expectProblem(await adopt(first, 2, {}, '?dryRun=yes'), 400, 'invalid-request');
  });

  it('C-06 adopts it by an act of the data manager; what follows, the system does', async () => {
    const key = randomUUID();
    expect(await queriesOf(first)).toContainEqual(['I.DM.WEIGHT', 'open']);
    const adopted = await adopt(first, 2, { key });
    expect(adopted.status, adopted.text).toBe(201);
    expect(adopted.body).toMatchObject({ dryRun: false, ...told() });
    expect(await versionOf(first)).toBe(2);
    expect(await queriesOf(first)).toEqual(
      expect.arrayContaining([
        ['I.DM.WEIGHT', 'closed'],
        ['I.DM.HEIGHT', 'open'],
      ]),
    );
    const again = await adopt(first, 2, { key });
    expect(again).toMatchObject({ status: 201, body: adopted.body });
    expect(again.headers.get('idempotent-replayed')).toBe('true');

    const lines = (
      await accepted(manager.get(`${STUDY}/audit?subject=${first}&limit=1000`, minPosition(adopted)))
    ).items;
    const line = (text: string) => lines.find((one: { text: string }) => one.text.includes(text));
    expect(line('Adopted version 2 of the study’s definition')).toMatchObject({
      type: 'DefinitionAdopted',
      role: 'data-manager',
      newValue: 2,
    });
    expect(line('Closed query')).toMatchObject({ user: null, system: 'edit check' });
  });

  it('adopts a newer version only, and one that there is', async () => {
    expectProblem(await adopt(first, 2), 409, 'conflict');
    expectProblem(await adopt(first, 1), 409, 'conflict');
    const unknown = await adopt(first, 3);
    expectProblem(unknown, 422, 'invalid-value');
    expect(faultsOf(unknown)).toEqual({ '/definition': 'unknown-version' });
    for (const definition of [0, 1.5, '2', null, undefined])
      expectProblem(await adopt(first, definition), 422, 'invalid-value');
    expectProblem(await adopt('FR01-9999', 2), 404, 'not-found');
  });

  it('shows what was entered before in the terms that it was entered in', async () => {
    const { items, definition } = await accepted(manager.get(dm(first)));
    expect(definition).toBe(2);
    expect(items['I.DM.SEX']).toMatchObject({
      value: 'F',
      definition: 1,
      label: 'Sex',
      codes: { F: 'Female' },
    });
    const history = (await accepted(manager.get(`${dm(first)}/history`))).items;
    expect(history).toContainEqual(
      expect.objectContaining({ item: 'I.DM.SEX', label: 'Sex', codes: { F: 'Female' } }),
    );
  });

  it('keeps what is gone, shows it as retired, and takes no more of it', async () => {
    const { items } = await accepted(manager.get(dm(first)));
    expect(items['I.DM.ASA']).toMatchObject({ value: 2, retired: true, label: 'ASA physical status' });
    const whole = { items: { 'I.DM.SEX': 'F', 'I.DM.WEIGHT': 300, 'I.DM.HEIGHT': 145 }, reason };
    const any = { headers: { 'If-Match': '*' } };
    await accepted(coordinator.put(dm(first), whole, any));
    expect((await accepted(manager.get(dm(first)))).items['I.DM.ASA']).toMatchObject({ value: 2 });
    const more = await coordinator.patch(dm(first), { items: { 'I.DM.ASA': 3 }, reason }, any);
    expectProblem(more, 422, 'invalid-value');

    const gone = formPath(first, 'V_SCR', 'CS');
    expect(await accepted(manager.get(gone))).toMatchObject({ form: 'CS', retired: true, complete: true });
    expectProblem(await coordinator.put(gone, { items: {} }, any), 404, 'not-found');
    const { visits } = await accepted(manager.get(subjectPath(first)));
    const { forms } = visits.find(({ visit }: { visit: string }) => visit === 'V_SCR');
    expect(forms).toContainEqual(expect.objectContaining({ form: 'CS', retired: true, status: 'complete' }));
  });

  it('is entered in the new terms from then on, and the audit trail tells each entry in its own', async () => {
    const write = await coordinator.patch(
      dm(first),
      { items: { 'I.DM.SEX': 'M', 'I.DM.SMOKER': 'never' }, reason },
      { headers: { 'If-Match': '*' } },
    );
    await accepted(Promise.resolve(write));
    const { items } = await accepted(manager.get(dm(first)));
    expect(items['I.DM.SEX']).toMatchObject({ value: 'M' });
    for (const told of ['definition', 'label', 'retired']) expect(items['I.DM.SEX']).not.toHaveProperty(told);
    const audit = (filter: string) =>
      accepted(manager.get(`${STUDY}/audit?subject=${first}&limit=1000&item=${filter}`, minPosition(write)));
    const texts = async (oid: string) =>
      (await audit(oid)).items.map(({ text }: { text: string }) => text.split(':').slice(0, 2).join(':'));
    expect(await texts('I.DM.SEX')).toEqual([
      'Entered Sex: Female',
      'Corrected Sex at birth from Woman to Male: transcription-error, Misread from the source document',
    ]);
    expect(await texts('I.DM.ASA')).toEqual(['Entered ASA physical status: 2']);
  });

  it('is read as it was under the version that it followed then', async () => {
    const position = positionOf(published);
    const then = await accepted(manager.get(`${dm(first)}?asOf=${position}`));
    expect(then.definition).toBe(1);
    expect(then.items['I.DM.ASA']).not.toHaveProperty('retired');
    const { items } = await accepted(manager.get(`${STUDY}/subjects?asOf=${position}&limit=1000`));
    expect(items.map(({ definition }: { definition: number }) => definition)).toEqual([1, 1, 1, 1]);
  });
});

/** Four of the first version, and two that were enrolled under the second. */
const CASEBOOKS = 6;

describe('many casebooks', () => {
  it('C-24 are rehearsed, then adopt by site, then the rest; those that follow it already do nothing', async () => {
    const sizes = await trial.logSizes();
    const rehearsed = await adoptAll({ definition: 2 }, {}, '?dryRun=true');
    expect(rehearsed.status, rehearsed.text).toBe(200);
    expect(rehearsed.body).toMatchObject({
      dryRun: true,
      site: null,
      adopted: 3,
      already: CASEBOOKS - 3,
      kept: 3,
      queries: { raised: 3, closed: 3 },
    });
    expect(await trial.logSizes()).toEqual(sizes);

    const there = await adoptAll({ definition: 2, site: 'DE01' });
    expect(there.status, there.text).toBe(201);
    expect(there.body).toMatchObject({ dryRun: false, site: 'DE01', adopted: 1, already: 0 });
    expect(there.body.subjects).toEqual([rehearsed.body.subjects.find(bySubject(unread[2]!))]);
    expect(await versionOf(unread[2]!)).toBe(2);
    expect(await versionOf(unread[0]!)).toBe(1);

    const rest = await adoptAll({ definition: 2 });
    expect(rest.body).toMatchObject({ adopted: 2, already: CASEBOOKS - 2 });
    expect(await accepted(adoptAll({ definition: 2 }))).toMatchObject({
      adopted: 0,
      already: CASEBOOKS,
      subjects: [],
    });
  });

  it('a retry goes on where the first request stopped, and tells of all of them', async () => {
    const key = randomUUID();
    await accepted(
      manager.post(
        `${STUDY}/definitions`,
        await changed(({ study }) => {
          study.name = 'A third name';
        }, 2),
      ),
    );
    // As a request that was cut off after its first casebook has left it.
    await accepted(adopt(first, 3, { key: newId(`${key} ${first}`) }));
    const all = await adoptAll({ definition: 3 }, { key });
    expect(all.body).toMatchObject({ adopted: CASEBOOKS, already: 0 });
    expect(all.headers.get('idempotent-replayed')).toBeNull();
    const sizes = await trial.logSizes();
    const again = await adoptAll({ definition: 3 }, { key });
    expect(again).toMatchObject({ status: 201, body: all.body });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(positionOf(again)).toBe(positionOf(all));
    expect(await trial.logSizes()).toEqual(sizes);
    expectProblem(await adoptAll({ definition: 2 }, { key }), 422, 'idempotency-key-reused');
  });

  it('two requests at once adopt each casebook once', async () => {
    await accepted(
      manager.post(
        `${STUDY}/definitions`,
        await changed(({ study }) => {
          study.name = 'A fourth name';
        }, 3),
      ),
    );
    const answers = await Promise.all([1, 2, 3].map(() => accepted(adoptAll({ definition: 4 }))));
    expect(answers.reduce((sum, { adopted }) => sum + adopted, 0)).toBe(CASEBOOKS);
    const { pool } = trial.started.installation;
    const { rows } = await pool.query(
      `SELECT count(*)::int AS adoptions FROM event WHERE log = 'SINET' AND type = 'DefinitionAdopted'
         AND (entry::json #>> '{data,definition}') = '4'`,
    );
    expect(rows).toEqual([{ adoptions: CASEBOOKS }]);
  });

  it('are of a version and a site that there are', async () => {
    expectProblem(await adoptAll({ definition: 99 }), 422, 'invalid-value');
    expectProblem(await adoptAll({ definition: 2, site: 'XX99' }), 404, 'not-found');
    expectProblem(await adoptAll({}), 422, 'invalid-value');
  });
});

const bySubject = (subject: string) => (one: { subjectKey: string }) => one.subjectKey === subject;
const minPosition = (write: Answer) => ({ 'Daybook-Min-Position': String(positionOf(write)) });

describe('C-09 versions', () => {
  it('are published and adopted by data managers only', async () => {
    const others: Person[] = [
      'investigator',
      'coordinator',
      'monitor',
      'statistician',
      'inspector',
      'administrator',
    ];
    for (const person of others) {
      const client = trial.as(person);
      const definition = await changed(() => undefined);
      expectProblem(await client.post(`${STUDY}/definitions`, definition), 403, 'not-permitted');
      for (const query of ['', '?dryRun=true']) {
        const one = await client.post(`${subjectPath(first)}/migration${query}`, { definition: 2 });
        expectProblem(one, 403, 'not-permitted');
        const all = await client.post(`${STUDY}/migrations${query}`, { definition: 2 });
        expectProblem(all, 403, 'not-permitted');
      }
      expect((await client.get(`${STUDY}/definitions/1/diff/2`)).status).toBe(200);
    }
    const nobody = trial.as('nobody');
    expectProblem(await nobody.post(`${STUDY}/migrations`, { definition: 2 }), 401, 'unauthenticated');
  });

  it('of a study are no business of those outside', async () => {
    const path = `${subjectPath('FR01-0001')}/migration`;
    expectProblem(await trial.as('otherCoordinator').post(path, { definition: 2 }), 404, 'not-found');
    for (const study of ['OTHER', 'NONE']) {
      const base = `/studies/${study}`;
      expectProblem(await manager.post(`${base}/definitions`, {}), 404, 'not-found');
      expectProblem(await manager.post(`${base}/migrations`, { definition: 2 }), 404, 'not-found');
      expectProblem(await manager.get(`${base}/definitions/1/diff/2`), 404, 'not-found');
    }
  });
});
