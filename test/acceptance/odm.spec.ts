import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClinicalScope, exportClinical } from '#casebook';
import {
  type ClinicalRead,
  type OdmVersion,
  readClinical,
  readMetadata,
  type SubjectData,
  type Unsupported,
} from '#odm';
import { shippedStudies } from '#study';
import { importFile } from '../../apps/cli/src/import.js';
import { enrol, expectProblem, formPath, ifMatch, reason, STUDY, subjectPath } from './casebook.js';
import { foreignData, foreignStudy } from './odm-document.js';
import { accepted, startTrial } from './trial.js';

const trial = await startTrial();
const folder = mkdtempSync(join(tmpdir(), 'odm-'));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await trial.close();
});

const XML = { 'Content-Type': 'application/xml' };
const manager = trial.as('dataManager');
const asOdm = (study: string, odm: OdmVersion) =>
  manager.get(`/studies/${study}/definitions/1?odm=${odm}`, { Accept: 'application/xml' });

async function imported(xml: string, options: { site?: string; consentDate?: string } = {}) {
  const file = join(folder, 'document.xml');
  writeFileSync(file, xml);
  const lines: string[] = [];
  await importFile(trial.started.installation, file, options, (line) => lines.push(line));
  return lines;
}

async function exported(study: string, { identity = false, version = '2.0' as OdmVersion } = {}) {
  const { pool, store, studies, subjectKeys: keys } = trial.started.installation;
  const scope: ClinicalScope = {
    position: (await store.size(study)) - 1,
    sites: 'all',
    sight: () => ({ identity, arms: true, item: () => true }),
    audit: () => true,
  };
  const unsupported: Unsupported[] = [];
  let xml = '';
  const report = (list: Unsupported[]) => unsupported.push(...list);
  for await (const piece of exportClinical({ pool, store, studies, keys }, study, scope, version, report))
    xml += piece;
  const parts: ClinicalRead[] = [];
  for await (const part of readClinical([xml])) parts.push(part);
  const subjects = parts.flatMap((part) => (part.kind === 'subject' ? [part.subject] : []));
  return { xml, unsupported, subjects };
}

/** What happened to which item, in its order. */
function valuesOf(subjects: readonly SubjectData[]) {
  return subjects.flatMap(({ subjectKey, studyEvents = [] }) =>
    studyEvents.flatMap(({ studyEventOid, forms = [] }) =>
      forms.flatMap(({ formOid, itemGroups = [] }) =>
        itemGroups.flatMap(({ items = [] }) =>
          items
            .filter(({ queries }) => !queries)
            .map(({ itemOid, transactionType, values, annotations }) => [
              `${subjectKey}/${studyEventOid}/${formOid}/${itemOid}`,
              transactionType,
              values ?? annotations?.[0]?.flags?.[0]?.value.text,
            ]),
        ),
      ),
    ),
  );
}

describe('a study from elsewhere', () => {
  beforeAll(async () => {
    const grant = { user: trial.userId('dataManager'), role: 'data-manager' };
    await accepted(trial.as('administrator').post('/studies/*/grants', grant));
    const answer = await manager.raw('POST', '/studies', foreignStudy, XML);
    expect(answer.status, answer.text).toBe(201);
    expect(answer.headers.get('location')).toBe('/api/v1/studies/WELL');
    expect(answer.body).toEqual({ study: 'WELL', version: 1, unsupported: expect.any(Array) });
    const reasons = answer.body.unsupported.map(({ path, reason }: Unsupported) => [path, reason]);
    expect(reasons).toContainEqual([
      expect.stringContaining("StudyEventDef[@OID='SE/1']/@OID"),
      'called SE_1 here',
    ]);
    expect(reasons).toContainEqual([expect.stringContaining("ConditionDef[@OID='C.1']"), expect.any(String)]);
  });

  it('is published in the terms of a definition', async () => {
    const { body } = await manager.get('/studies/WELL/definitions/1');
    expect(body).toMatchObject({
      study: { oid: 'WELL', name: 'Well-being', description: 'How people are.' },
      arms: [],
      endpoints: [],
      visits: [{ oid: 'SE_1', forms: ['F.1'] }],
    });
    const [first, second] = body.forms[0].groups;
    expect(first.items).toEqual([
      {
        oid: 'WEIGHT',
        label: 'What is your weight?',
        type: 'decimal',
        unit: 'kg',
        range: { hard: { min: 30 } },
        presence: 'mandatory',
      },
      { oid: 'PREG', label: 'Pregnant', type: 'code', codeList: 'BOOLEAN', presence: 'conditional' },
      { oid: 'WHEN', label: 'When', type: 'partialDate', presence: 'optional' },
    ]);
    expect(second.repeating).toBe(true);
    expect(second.items.map(({ oid }: { oid: string }) => oid)).toEqual(['DRUG', 'WHEN_2']);
  });

  it('C-27 is given back as it came', async () => {
    const answer = await asOdm('WELL', '1.3.2');
    expect(answer.headers.get('content-type')).toBe('application/xml; charset=utf-8');
    const [before, after] = await Promise.all([foreignStudy, answer.text].map((xml) => readMetadata([xml])));
    expect(after!.document.studies).toEqual(before!.document.studies);
  });

  it('lists what the other version of ODM has no place for', async () => {
    const { text } = await asOdm('WELL', '2.0');
    expect(text).toMatch(/<!-- Not carried:\n.*@Origin/s);
    expect((await readMetadata([text])).version).toBe('2.0');
  });

  it('takes its clinical data subject by subject, with a report', async () => {
    await accepted(
      trial.as('administrator').post('/studies/WELL/sites', { site: 'X1', name: 'Here', country: 'FR' }),
    );
    const lines = await imported(foreignData, { site: 'X1', consentDate: '2025-12-01' });
    expect(lines).toContain('subject WELL/one: X1-0001, 2 entered, 0 refused');
    expect(lines).toContain('subject WELL/two: X1-0002, 1 entered, 1 refused');
    expect(lines.at(-1)).toMatch(/^ {4}\/items\/WEIGHT: /);
    const { subjects } = await exported('WELL');
    const forms = subjects.flatMap(({ studyEvents = [] }) => studyEvents.flatMap(({ forms = [] }) => forms));
    expect(forms[0]?.itemGroups).toMatchObject([
      {
        itemGroupOid: 'IG.1',
        items: [
          { itemOid: 'WEIGHT', values: ['71.5'] },
          { itemOid: 'PREG', values: ['true'] },
          { itemOid: 'WHEN', isNull: true },
        ],
      },
      { itemGroupOid: 'IG.2', repeatKey: '1', items: [{ itemOid: 'DRUG' }, { itemOid: 'WHEN' }] },
    ]);
  });

  it('takes the same data twice without a change', async () => {
    const before = await trial.logSizes();
    await imported(foreignData, { site: 'X1', consentDate: '2025-12-01' });
    expect(await trial.logSizes()).toEqual(before);
  });

  it('has subjects enrolled only where site and consent are known', async () => {
    const lines = await imported(foreignData.replace('D.1', 'D.2'));
    expect(lines).toContain('subject WELL/one: not enrolled, 0 entered, 2 refused');
  });
});

describe('a document that is no study', () => {
  it('is refused with every fault and its place', async () => {
    const broken = foreignStudy
      .replace('<ItemRef ItemOID="DRUG"', '<ItemRef ItemOID="GONE"')
      .replace('<CodeListRef CodeListOID="CL.1"/>', '<CodeListRef CodeListOID="CL.9"/>')
      .replace('FormRef FormOID="F.1"', 'FormRef FormOID="F.9"');
    const answer = await manager.raw('POST', '/studies', broken, XML);
    expectProblem(answer, 422, 'invalid-definition');
    const places = answer.body.errors.map(({ pointer }: { pointer: string }) =>
      pointer.replace(/.*MetaData[^/]*\//, ''),
    );
    expect(places).toEqual(["ItemGroupDef[@OID='IG.2']/ItemRef", "StudyEventDef[@OID='SE/1']/FormRef"]);
  });

  it('is refused where a code cannot be one, at its code list', async () => {
    const answer = await manager.raw(
      'POST',
      '/studies',
      foreignStudy.replace('CodedValue="A"', 'CodedValue=" A"'),
      XML,
    );
    expectProblem(answer, 422, 'invalid-definition');
    expect(answer.body.errors).toMatchObject([
      { pointer: expect.stringMatching(/CodeList\[@OID='CL.1'\]$/) },
    ]);
  });

  it.each([
    ['no XML', 'study'],
    ['with a document type', foreignStudy.replace('<ODM', '<!DOCTYPE ODM [<!ENTITY a "b">]><ODM')],
  ])('is refused: %s', async (_, xml) => {
    expectProblem(await manager.raw('POST', '/studies', xml, XML), 422, 'invalid-definition');
  });

  it('is not even read of those who may publish nothing, nor where no document is taken', async () => {
    expectProblem(
      await trial.as('nobody').raw('POST', '/studies', foreignStudy, XML),
      401,
      'unauthenticated',
    );
    expectProblem(await trial.as('monitor').raw('POST', '/studies', '<', XML), 403, 'not-permitted');
    const answer = await manager.raw('POST', `${STUDY}/sites`, foreignStudy, XML);
    expectProblem(answer, 415, 'unsupported-media-type');
  });

  it('is too large past 64 MiB', async () => {
    const answer = await manager.raw('POST', '/studies', `${foreignStudy}${' '.repeat(64 * 1_048_576)}`, XML);
    expectProblem(answer, 413, 'body-too-large');
  });

  it('has a version of ODM that there is', async () => {
    const answer = await manager.get(`${STUDY}/definitions/1?odm=3`, { Accept: 'application/xml' });
    expectProblem(answer, 400, 'invalid-request');
  });
});

describe('a study of ours', () => {
  it.each(['1.3.2', '2.0'] as const)('goes out as ODM %s and comes in as it was', async (version) => {
    const oid = `S${version}`;
    const { text } = await asOdm('SINET', version);
    const answer = await manager.raw(
      'POST',
      '/studies',
      text.replace('<Study OID="SINET"', `<Study OID="${oid}"`),
      XML,
    );
    expect([answer.status, answer.body.unsupported], answer.text).toEqual([201, []]);
    const { body } = await manager.get(`/studies/${oid}/definitions/1`);
    const [sinet] = shippedStudies();
    expect(body).toEqual({ ...sinet, study: { ...sinet!.study, oid } });
  });

  it('C-19 C-27 tells every act of its casebooks, and who the subjects are only to whom it may', async () => {
    const investigator = trial.as('investigator');
    const subject = await enrol(investigator);
    const dm = formPath(subject, 'V_SCR', 'DM');
    await accepted(
      investigator.put(dm, {
        items: { 'I.DM.SEX': 'F', 'I.DM.WEIGHT': 60, 'I.DM.MRN': 'MRN-4711' },
        missing: { 'I.DM.HEIGHT': 'refused' },
      }),
    );
    const change = { items: { 'I.DM.WEIGHT': 61.5 }, reason };
    await accepted(investigator.patch(dm, change, ifMatch(await investigator.get(dm))));
    await accepted(investigator.post(`${subjectPath(subject)}/allocation`, { arm: 'A', date: '2024-01-20' }));
    const query = { visit: 'V_SCR', form: 'DM', item: 'I.DM.SEX', text: 'Really?' };
    await accepted(trial.as('monitor').post(`${subjectPath(subject)}/queries`, query));

    const { subjects, xml, unsupported } = await exported('SINET');
    const own = subjects.filter(({ subjectKey }) => subjectKey === subject);
    expect(own[0]).toMatchObject({ siteOid: 'FR01', auditRecord: { userOid: trial.userId('investigator') } });
    const items = own
      .flatMap(({ studyEvents = [] }) => studyEvents.flatMap(({ forms = [] }) => forms))
      .flatMap(({ itemGroups = [] }) => itemGroups.flatMap(({ items = [] }) => items));
    expect(items).toContainEqual(
      expect.objectContaining({ itemOid: 'I.DM.WEIGHT', transactionType: 'Insert', values: ['60'] }),
    );
    expect(items).toContainEqual(
      expect.objectContaining({
        itemOid: 'I.DM.WEIGHT',
        transactionType: 'Update',
        values: ['61.5'],
        auditRecord: expect.objectContaining({ reasonForChange: `${reason.code}: ${reason.text}` }),
      }),
    );
    expect(items).toContainEqual(
      expect.objectContaining({
        itemOid: 'I.DM.SEX',
        queries: [expect.objectContaining({ state: 'Open', source: 'Site Monitor', text: 'Really?' })],
      }),
    );
    expect(xml).toContain('>ArmAllocated<');

    expect(xml).not.toContain('MRN-4711');
    expect(unsupported).toContainEqual(
      expect.objectContaining({ element: '@Value', reason: 'identifying values are left out' }),
    );
    const known = await exported('SINET', { identity: true });
    expect(known.xml).toContain('MRN-4711');
    expect(known.unsupported).toEqual([]);
  });

  it.each(['1.3.2', '2.0'] as const)('comes in with its data from ODM %s', async (version) => {
    const oid = `S${version}`;
    await accepted(
      trial.as('administrator').post(`/studies/${oid}/sites`, { site: 'FR01', name: 'Here', country: 'FR' }),
    );
    const { xml, subjects } = await exported('SINET', { identity: true, version });
    const lines = await imported(xml.replaceAll('OID="SINET"', `OID="${oid}"`));
    expect(lines.filter((line) => line.startsWith('subject'))).toEqual([
      expect.stringMatching(/: FR01-0001, \d+ entered, 0 refused$/),
    ]);
    const again = await exported(oid, { identity: true, version });
    expect(valuesOf(again.subjects)).toEqual(valuesOf(subjects));
    expect(valuesOf(subjects)).toContainEqual(['FR01-0001/V_SCR/DM/I.DM.WEIGHT', 'Update', ['61.5']]);
  });
});
