import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClinicalRead, readClinical } from '#odm';
import {
  enrol,
  expectProblem,
  formPath,
  ifMatch,
  positionOf,
  reason,
  STUDY,
  subjectPath,
} from './casebook.js';
import { accepted, type Person, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

const DATA = `${STUDY}/clinical-data`;
const XML = { 'Content-Type': 'application/xml' };

async function subjectsOf(xml: string) {
  const parts: ClinicalRead[] = [];
  for await (const part of readClinical([xml])) parts.push(part);
  return parts.flatMap((part) => (part.kind === 'subject' ? [part.subject] : []));
}

async function exported(person: Person, query = '') {
  const answer = await trial.as(person).get(`${DATA}${query}`);
  expect(answer.status, answer.text).toBe(200);
  return { xml: answer.text, subjects: await subjectsOf(answer.text), position: positionOf(answer) };
}

describe('clinical data as ODM', () => {
  let own: string;
  let foreign: string;
  let entered: number;

  beforeAll(async () => {
    const investigator = trial.as('investigator');
    own = await enrol(investigator);
    foreign = await enrol(trial.as('otherCoordinator'), 'DE01');
    const dm = formPath(own, 'V_SCR', 'DM');
    const first = await investigator.put(dm, {
      items: { 'I.DM.SEX': 'F', 'I.DM.WEIGHT': 60, 'I.DM.MRN': 'MRN-4711' },
      complete: true,
    });
    entered = positionOf(first);
    const change = { items: { 'I.DM.WEIGHT': 61.5 }, reason };
    await accepted(investigator.patch(dm, change, ifMatch(await investigator.get(dm))));
    await accepted(investigator.post(`${subjectPath(own)}/allocation`, { arm: 'A', date: '2024-01-20' }));
    const surgery = { items: { 'I.SU.SUDAT': '2024-02-01' }, complete: true };
    await accepted(investigator.put(formPath(own, 'V_SURG', 'SU'), surgery));
    const query = { visit: 'V_SCR', form: 'DM', item: 'I.DM.SEX', text: 'Really?' };
    await accepted(trial.as('monitor').post(`${subjectPath(own)}/queries`, query));
  });

  it.each(['1.3.2', '2.0'])(
    'C-11 is a whole copy for the investigator of the site, with its audit trail (%s)',
    async (version) => {
      const { xml, subjects } = await exported('investigator', `?version=${version}`);
      expect(new Set(subjects.map(({ subjectKey }) => subjectKey))).toEqual(new Set([own]));
      for (const text of ['MRN-4711', '61.5', reason.text, '>ArmAllocated<', 'Really?', '2024-02-01'])
        expect(xml, text).toContain(text);
      expect(xml).toContain(`ODMVersion="${version}"`);
      expect(xml).toContain(trial.userId('monitor'));
      expect(xml).not.toMatch(/DE01/);
    },
  );

  it('is of all sites for whom they are, without what identifies', async () => {
    const { xml, subjects } = await exported('dataManager');
    expect(new Set(subjects.map(({ subjectKey }) => subjectKey))).toEqual(new Set([own, foreign]));
    expect(xml).not.toContain('MRN-4711');
    expect(xml).toMatch(/<!-- Not carried:\n.*identifying values are left out/s);
  });

  it('tells nobody who is blinded the arm, nor a statistician who acted', async () => {
    const blinded = await exported('statistician');
    expect(blinded.xml).not.toMatch(/ArmAllocated|2024-02-01|AuditRecord|MRN-4711/);
    expect(blinded.xml).not.toContain(trial.userId('investigator'));
    const forms = blinded.subjects.flatMap(({ studyEvents = [] }) =>
      studyEvents.flatMap(({ forms = [] }) => forms),
    );
    expect(forms.map(({ formOid }) => formOid)).not.toContain('SU');
    expect((await exported('unblindedStatistician')).xml).toMatch(/ArmAllocated.*2024-02-01/s);
  });

  it('is of one subject', async () => {
    const { subjects } = await exported('inspector', `?subject=${foreign}`);
    expect(subjects.map(({ subjectKey }) => subjectKey)).toEqual([foreign]);
    expectProblem(await trial.as('investigator').get(`${DATA}?subject=${foreign}`), 404, 'not-found');
    expectProblem(await trial.as('inspector').get(`${DATA}?subject=FR01-9999`), 404, 'not-found');
  });

  it('is as it was', async () => {
    const { xml, position } = await exported('investigator', `?asOf=${entered}`);
    expect(position).toBe(entered);
    expect(xml).toContain('Value="60"');
    expect(xml).not.toMatch(/61\.5|ArmAllocated|Really/);
  });

  it.each<[Person, string, Record<string, string>, number, string]>([
    ['nobody', '', {}, 401, 'unauthenticated'],
    ['administrator', '', {}, 403, 'not-permitted'],
    ['investigator', '?version=3', {}, 400, 'invalid-request'],
    ['investigator', '?asOf=never', {}, 400, 'invalid-request'],
    ['investigator', '', { Accept: 'text/csv' }, 406, 'not-acceptable'],
  ])('is refused %s%s', async (person, query, headers, status, code) => {
    expectProblem(await trial.as(person).get(`${DATA}${query}`, headers), status, code);
  });
});

/** A document with a subject of FR01 for each text, which stands in its SubjectData. */
const documentOf = (file: string, ...subjects: string[]) => `<?xml version="1.0" encoding="UTF-8"?>
<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" ODMVersion="1.3.2" FileType="Snapshot" FileOID="${file}" CreationDateTime="2026-02-01T12:00:00Z">
<ClinicalData StudyOID="SINET" MetaDataVersionOID="MDV.1">
${subjects.map((inner, i) => `<SubjectData SubjectKey="subject ${i}">${inner}</SubjectData>`).join('\n')}
</ClinicalData></ODM>`;

const demography = (items: string) =>
  `<StudyEventData StudyEventOID="V_SCR"><FormData FormOID="DM"><ItemGroupData ItemGroupOID="IG.DM">${items}</ItemGroupData></FormData></StudyEventData>`;

const weight = (value: string, inner = '') =>
  `<ItemData ItemOID="I.DM.WEIGHT" Value="${value}">${inner}</ItemData>`;

const flag = (name: string, value: string) =>
  `<Flag><FlagValue CodeListOID="ODM.QUERY.${name}">${value}</FlagValue><FlagType CodeListOID="ODM.QUERY">${name}</FlagType></Flag>`;
const query = `<Annotation SeqNum="1"><Comment>Is that so?</Comment>${flag('OID', 'Q1')}${flag('Source', 'Site Monitor')}${flag('Type', 'Manual')}${flag('State', 'Open')}${flag('LastUpdateDatetime', '2026-01-31T00:00:00Z')}</Annotation>`;

const ENROLMENT = '?site=FR01&consentDate=2024-01-10';
const send = (person: Person, xml: string, parameters = ENROLMENT) =>
  trial.as(person).raw('POST', DATA + parameters, xml, XML);

describe('ODM clinical data that are entered', () => {
  const xml = documentOf('F.1', demography(weight('71.5')), demography(weight('-5')));

  it('go the way of every entry, with a report', async () => {
    const { status, body, text } = await send('investigator', xml);
    expect(status, text).toBe(200);
    const [first, second] = body.subjects;
    expect(first).toEqual({
      odmKey: 'subject 0',
      subjectKey: expect.stringMatching(/^FR01-/),
      entered: 2,
      refused: 0,
      refusals: [],
    });
    expect(second).toMatchObject({ entered: 1, refused: 1 });
    expect(second.refusals).toMatchObject([
      { what: 'form V_SCR/DM', type: '/problems/invalid-value', errors: [{ pointer: '/items/I.DM.WEIGHT' }] },
    ]);
    const form = await trial.as('investigator').get(formPath(first.subjectKey, 'V_SCR', 'DM'));
    expect(form.body.items['I.DM.WEIGHT']).toMatchObject({
      value: 71.5,
      enteredBy: trial.userId('investigator'),
    });
  });

  it('change nothing when they come again', async () => {
    const before = await trial.logSizes();
    const { body } = await send('investigator', xml);
    expect(body.subjects[0]).toMatchObject({ entered: 2, refused: 0 });
    expect(await trial.logSizes()).toEqual(before);
  });

  it('are entered beside what is refused among them, numbered as the document goes, and all of it once', async () => {
    const many = Array.from({ length: 150 }, (_, i) => demography(weight(i % 50 === 7 ? '-5' : '70')));
    const first = await send('investigator', documentOf('F.5', ...many));
    const { subjects } = first.body as {
      subjects: { subjectKey: string; entered: number; refused: number }[];
    };
    expect(subjects.map(({ refused }) => refused)).toEqual(many.map((_, i) => (i % 50 === 7 ? 1 : 0)));
    expect(subjects.every(({ entered, refused }) => entered + refused === 2)).toBe(true);
    const numbers = subjects.map(({ subjectKey }) => Number(subjectKey.slice(-4)));
    expect(numbers).toEqual(numbers.map((_, i) => numbers[0]! + i));
    const before = await trial.logSizes();
    const longer = [...many, demography(weight('71'))];
    const again = await send('investigator', documentOf('F.5', ...longer));
    expect(again.body.subjects.slice(0, -1)).toEqual(subjects);
    const after = await trial.logSizes();
    expect(after.SINET! - before.SINET!).toBe(2);
  });

  it('raise queries only in the name of one who may', async () => {
    const { body } = await send('investigator', documentOf('F.2', demography(weight('71.5', query))));
    expect(body.subjects[0]).toMatchObject({
      entered: 2,
      refusals: [{ what: 'RaiseQuery Q1', type: '/problems/not-permitted' }],
    });
  });

  it('are refused at a site that is not the caller’s', async () => {
    const { body } = await send('investigator', documentOf('F.3', ''), '?site=DE01&consentDate=2024-01-10');
    expect(body.subjects[0]).toMatchObject({
      subjectKey: null,
      refusals: [{ what: 'EnrolSubject', status: 404 }],
    });
  });

  it('are entered up to the first fault of the document, and reported', async () => {
    const broken = documentOf('F.4', demography(weight('70'))).replace('</ODM>', '<Wrong');
    // Long enough for the first subject to be read before the end is.
    const answer = await send(
      'investigator',
      broken.replace('</ClinicalData>', `<!--${' '.repeat(300_000)}--></ClinicalData>`),
    );
    expectProblem(answer, 422, 'invalid-value');
    expect(answer.body.subjects).toMatchObject([{ entered: 2 }]);
  });

  it.each<[string, Person, string, Record<string, string>, number, string]>([
    ['by a monitor', 'monitor', xml, XML, 403, 'not-permitted'],
    ['by nobody', 'nobody', xml, XML, 401, 'unauthenticated'],
    ['as JSON', 'investigator', '{}', {}, 415, 'unsupported-media-type'],
    [
      'as a form',
      'investigator',
      'a=b',
      { 'Content-Type': 'application/x-www-form-urlencoded' },
      415,
      'unsupported-media-type',
    ],
    [
      'of another study',
      'investigator',
      xml.replace('StudyOID="SINET"', 'StudyOID="OTHER"'),
      XML,
      422,
      'invalid-value',
    ],
    ['that are no XML', 'investigator', 'SINET', XML, 422, 'invalid-value'],
    ['that are nothing', 'investigator', '', XML, 422, 'invalid-value'],
    [
      'with entities',
      'investigator',
      xml.replace('<ODM', '<!DOCTYPE ODM [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><ODM'),
      XML,
      422,
      'invalid-value',
    ],
    [
      'nested without end',
      'investigator',
      documentOf('F.5', '<StudyEventData>'.repeat(100_000)),
      XML,
      422,
      'invalid-value',
    ],
  ])('are refused: %s', async (_, person, body, headers, status, code) => {
    const before = await trial.logSizes();
    expectProblem(await trial.as(person).raw('POST', DATA + ENROLMENT, body, headers), status, code);
    expect((await trial.logSizes()).SINET).toEqual(before.SINET);
  });

  it('are read to their limit of elements, and the server stays alive', async () => {
    const items = `<ItemData ItemOID="X"/>`.repeat(300_000);
    const answer = await send('investigator', documentOf('F.6', demography(items)));
    expect([200, 422]).toContain(answer.status);
    expect((await trial.root.get('/health/live')).status).toBe(200);
  }, 60_000);
});
