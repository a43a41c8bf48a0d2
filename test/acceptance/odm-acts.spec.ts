import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Annotation,
  type ClinicalPart,
  type ClinicalRead,
  type FormData as OdmForm,
  readClinical,
  type StudyEventData,
  type SubjectData,
  type Unsupported,
  writeClinical,
} from '#odm';
import { enrol, formPath, ifMatch, reason, STUDY, subjectPath } from './casebook.js';
import { ApiClient } from './client.js';
import { accepted, emailOf, PASSWORD, type Person, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

const DATA = `${STUDY}/clinical-data`;
const [investigator, manager, monitor] = [
  trial.as('investigator'),
  trial.as('dataManager'),
  trial.as('monitor'),
];
const meaning = 'I reviewed these data and\nconfirm that they are complete.';

/** A document as it is read back: its head, and its transactions in their order. */
async function exported(person: Person, query = '') {
  const answer = await trial.as(person).get(`${DATA}${query}`);
  expect(answer.status, answer.text).toBe(200);
  const parts: ClinicalPart[] = [];
  let head: Extract<ClinicalRead, { kind: 'head' }> | undefined;
  let unsupported: Unsupported[] = [];
  for await (const part of readClinical([answer.text])) {
    if (part.kind === 'head') head = part;
    else if (part.kind === 'end') unsupported = part.unsupported;
    else parts.push(part);
  }
  const subjects = parts.flatMap((part) => (part.kind === 'subject' ? [part.subject] : []));
  const admin = head!.document.adminData[0]!;
  // What is told of subjects, and of whom: the definition before it is nobody's secret.
  const told = answer.text.slice(answer.text.indexOf('<AdminData'));
  return { xml: answer.text, told, head: head!, parts, admin, subjects, unsupported };
}

type Exported = Awaited<ReturnType<typeof exported>>;

const formsOf = ({ studyEvents = [] }: SubjectData): [StudyEventData, OdmForm][] =>
  studyEvents.flatMap((visit) => (visit.forms ?? []).map((form): [StudyEventData, OdmForm] => [visit, form]));

/** Acts by their names, with their flags and where they stand. */
function actsOf({ subjects }: Exported) {
  const said = (at: string, { annotations = [] }: { annotations?: Annotation[] }) =>
    annotations.flatMap(({ comment, flags = [] }) =>
      comment
        ? [
            {
              at,
              act: comment.text[''],
              flags: Object.fromEntries(flags.map(({ type, value }) => [type!.text, value.text])),
            },
          ]
        : [],
    );
  return subjects.flatMap((subject) => [
    ...said('', subject),
    ...(subject.studyEvents ?? []).flatMap((visit) => said(visit.studyEventOid, visit)),
    ...formsOf(subject).flatMap(([{ studyEventOid }, form]) => [
      ...said(`${studyEventOid}/${form.formOid}`, form),
      ...(form.itemGroups ?? []).flatMap(({ items = [] }) =>
        items.flatMap((item) => said(`${studyEventOid}/${form.formOid}/${item.itemOid}`, item)),
      ),
    ]),
  ]);
}

const signaturesOf = ({ subjects }: Exported) =>
  subjects.flatMap(formsOf).flatMap(([{ studyEventOid }, { formOid, signature, annotations = [] }]) =>
    signature
      ? [
          {
            at: `${studyEventOid}/${formOid}`,
            signature,
            remarks: annotations.map((a) => a.comment?.text['']),
          },
        ]
      : [],
  );

const put = (subject: string, visit: string, form: string, body: object) =>
  accepted(investigator.put(formPath(subject, visit, form), body));
const sign = (subject: string, scope: unknown, more: object = {}) =>
  accepted(
    investigator.post(`${subjectPath(subject)}/signatures`, { scope, meaning, password: PASSWORD, ...more }),
  );
const correct = async (subject: string, weight: number) => {
  const dm = formPath(subject, 'V_SCR', 'DM');
  const change = { items: { 'I.DM.WEIGHT': weight }, reason };
  await accepted(investigator.patch(dm, change, ifMatch(await investigator.get(dm))));
};

let subject: string;
beforeAll(async () => {
  subject = await enrol(investigator);
  const items = { 'I.DM.SEX': 'F', 'I.DM.WEIGHT': 60, 'I.DM.MRN': 'MRN-4711' };
  await put(subject, 'V_SCR', 'DM', { items, complete: true });
  await accepted(investigator.post(`${subjectPath(subject)}/allocation`, { arm: 'A', date: '2024-01-20' }));
  await put(subject, 'V_SURG', 'SU', { items: { 'I.SU.SUDAT': '2024-02-01' }, complete: true });
  await sign(subject, 'casebook');
  await sign(subject, { visit: 'V_SURG', form: 'SU' });
  await correct(subject, 61.5);
});

describe('a signature', () => {
  it.each(['1.3.2', '2.0'])('is ODM’s own on each form that it covers (%s)', async (version) => {
    const own = await exported('investigator', `?version=${version}`);
    const [def] = own.admin.signatureDefs!;
    expect(own.admin.signatureDefs).toEqual([
      { oid: expect.any(String), methodology: 'Electronic', meaning, legalReason: expect.any(String) },
    ]);
    const given = {
      userOid: trial.userId('investigator'),
      locationOid: 'FR01',
      signatureOid: def!.oid,
      dateTimeStamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    };
    const broken = ['SignatureGiven', 'SignatureBroken'];
    expect(signaturesOf(own)).toEqual([
      { at: 'V_SCR/DM', signature: given, remarks: broken },
      { at: 'V_SURG/SU', signature: given, remarks: broken },
      { at: 'V_SURG/SU', signature: given, remarks: ['SignatureGiven'] },
    ]);
    expect(own.admin.users).toContainEqual({ oid: given.userOid, fullName: 'investigator' });
    expect(own.unsupported).toEqual([]);
  });

  it('says what was signed, and when and by whose change of what it was broken', async () => {
    const own = actsOf(await exported('investigator'));
    expect(own).toContainEqual({
      at: 'V_SCR/DM',
      act: 'SignatureGiven',
      flags: expect.objectContaining({
        signature: `${subject}-S1`,
        name: 'investigator',
        definition: '1',
        openQueries: expect.stringMatching(/^\d+$/),
        hash: expect.any(String),
        items: expect.stringMatching(/(^|,)I\.DM\.WEIGHT(,|$)/),
      }),
    });
    const broken = own.filter(({ act }) => act === 'SignatureBroken');
    const by = trial.userId('investigator');
    const beside = { signature: `${subject}-S1`, by, at: expect.any(String) };
    const changed = { 'changed.0.visit': 'V_SCR', 'changed.0.form': 'DM', 'changed.0.items': 'I.DM.WEIGHT' };
    expect(broken).toEqual([
      { at: 'V_SCR/DM', act: 'SignatureBroken', flags: { ...beside, ...changed } },
      { at: 'V_SURG/SU', act: 'SignatureBroken', flags: { ...beside, ...changed } },
      {
        at: 'V_SCR/DM',
        act: 'SignatureBroken',
        flags: { signature: `${subject}-S1`, by, items: 'I.DM.WEIGHT' },
      },
    ]);
  });

  it('tells whoever is blinded of nothing but what they may see', async () => {
    const blinded = await exported('statistician');
    expect(signaturesOf(blinded).map(({ at }) => at)).toEqual(['V_SCR/DM']);
    expect(blinded.told).not.toMatch(/"V_SURG"|"SU"|-S2|ArmAllocated|AuditRecord|I\.SU\./);
    const [given] = actsOf(blinded).filter(({ act }) => act === 'SignatureGiven');
    expect(given!.flags).not.toHaveProperty('hash');
    expect(blinded.admin.users).toEqual([{ oid: trial.userId('investigator'), fullName: 'investigator' }]);
  });

  it('is as it was: not yet broken before the change', async () => {
    const { items } = await accepted(
      trial.as('inspector').get(`${STUDY}/audit?subject=${subject}&limit=1000`),
    );
    const { position } = items.find(({ type }: { type: string }) => type === 'SignatureGiven');
    const before = await exported('investigator', `?asOf=${position}`);
    expect(signaturesOf(before).map(({ remarks }) => remarks)).toEqual([
      ['SignatureGiven'],
      ['SignatureGiven'],
    ]);
  });
});

const committee: ApiClient[] = [];
async function adjudicator(name: string): Promise<ApiClient> {
  const body = { email: emailOf(name), name, password: PASSWORD };
  const user = await accepted(trial.as('administrator').post('/users', body));
  const grant = { user: user.id, role: 'adjudicator' };
  await accepted(trial.as('administrator').post(`${STUDY}/grants`, grant));
  const signedIn = await accepted(
    trial.as('nobody').post('/auth/token', { email: body.email, password: PASSWORD }),
  );
  return new ApiClient(`${trial.started.server.url}/api/v1`, signedIn.accessToken);
}

describe('every act', () => {
  let other: string;
  const WEIGHT = { visit: 'V_SCR', form: 'DM', item: 'I.DM.WEIGHT' };

  beforeAll(async () => {
    other = await enrol(investigator);
    const path = subjectPath(other);
    await put(other, 'V_SCR', 'DM', { items: { 'I.DM.SEX': 'M', 'I.DM.WEIGHT': 80 } });
    await accepted(monitor.post(`${path}/verifications`, { items: [WEIGHT] }));
    await accepted(monitor.delete(`${path}/verifications`, { items: [WEIGHT], reason }));
    for (const place of [{}, { visit: 'V_SCR' }, { visit: 'V_SCR', form: 'DM' }, WEIGHT]) {
      await accepted(manager.post(`${path}/freezes`, { ...place, reason: 'Cleaned' }));
      await accepted(manager.delete(`${path}/freezes`, { ...place, reason }));
      await accepted(manager.post(`${path}/locks`, place));
      await accepted(manager.delete(`${path}/locks`, { ...place, reason }));
    }
    const date = '2024-03-01';
    await accepted(investigator.post(`${path}/withdrawal`, { date, reason, scope: 'visits' }));
    await accepted(investigator.post(`${path}/reinstatement`, { reason }));
    await put(other, 'V_SURG', 'SU', { items: { 'I.SU.SUDAT': '2024-02-01' } });
    await accepted(manager.post(`${path}/freezes`, { visit: 'V_SURG', form: 'SU' }));
    const death = { 'I.DD.DTHDAT': '2025-06-01', 'I.DD.DTHCAUSE_S': 'CARDIOVASCULAR' };
    await put(other, 'V_EOS', 'DD', { items: death });
    for (const name of ['Ada', 'Bo']) committee.push(await adjudicator(name));
    for (const one of committee)
      await accepted(
        one.post(`${STUDY}/adjudications/${other}/opinions`, { cause: 'SINET', comment: 'Progression' }),
      );
    for (const whole of ['', '/sites/FR01']) {
      await accepted(manager.post(`${STUDY}${whole}/locks`, { reason: 'Closed' }));
      await accepted(manager.delete(`${STUDY}${whole}/locks`, { reason }));
    }
    await accepted(manager.post(`${path}/transfer`, { site: 'DE01', date: '2025-07-01', reason }));
    await accepted(manager.post(`${path}/erasure`, { reason }));
  });

  const locks = ['DataFrozen', 'DataUnfrozen', 'DataLocked', 'DataUnlocked'];
  const acts = async (person: Person, query = '') => {
    const document = await exported(person, `?subject=${other}${query}`);
    return { document, acts: actsOf(document).map(({ at, act }) => `${act} ${at}`.trim()) };
  };

  it.each(['1.3.2', '2.0'])('is told at its place (%s)', async (version) => {
    const told = await acts('inspector', `&version=${version}`);
    expect(told.acts).toEqual(
      expect.arrayContaining([
        'SubjectEnrolled',
        'ItemsVerified V_SCR/DM/I.DM.WEIGHT',
        'VerificationWithdrawn V_SCR/DM/I.DM.WEIGHT',
        ...['', 'V_SCR', 'V_SCR/DM', 'V_SCR/DM/I.DM.WEIGHT'].flatMap((at) =>
          locks.map((act) => `${act} ${at}`.trim()),
        ),
        'SubjectWithdrawn',
        'SubjectReinstated',
        'SubjectDied',
        'OpinionRecorded V_EOS/DD/I.DD.AD1CAUSE',
        'OpinionRecorded V_EOS/DD/I.DD.AD2CAUSE',
        'EndpointAdjudicated V_EOS/DD/I.DD.ADFINAL',
        'SubjectTransferred',
        'IdentityErased',
      ]),
    );
    expect(told.document.unsupported).toEqual([]);
    expect(told.document.xml).not.toContain('Not carried');
  });

  it.each(['1.3.2', '2.0'])('comes back as it was told (%s)', async (version) => {
    const { document } = await acts('inspector', `&version=${version}`);
    let again = '';
    for await (const piece of writeClinical(
      document.head.document,
      document.parts,
      document.head.version,
      () => {},
    ))
      again += piece;
    expect(again).toBe(document.xml);
  });

  it.each(['1.3.2', '2.0'])(
    'of the whole study or of a site stands beside the subjects (%s)',
    async (version) => {
      const wholes = async (person: Person, query = '') => {
        const { parts, admin } = await exported(person, `?version=${version}${query}`);
        const said = parts.flatMap((part) => (part.kind === 'annotation' ? [part.annotation] : []));
        const records = parts.flatMap((part) => (part.kind === 'auditRecord' ? [part.auditRecord] : []));
        const told = said.map(({ comment, flags = [] }) =>
          [comment?.text[''], ...flags.map(({ value }) => value.text)].join(' '),
        );
        return { told, records, places: admin.locations!.map(({ oid }) => oid) };
      };
      const study = ['DataLocked study', 'DataUnlocked study'];
      const site = ['DataLocked site FR01', 'DataUnlocked site FR01'];
      const { told, records, places } = await wholes('inspector');
      expect(told).toEqual([...study, ...site]);
      expect(records.map(({ locationOid }) => locationOid)).toEqual(['SPONSOR', 'SPONSOR', 'FR01', 'FR01']);
      expect(records[1]).toMatchObject({
        userOid: trial.userId('dataManager'),
        reasonForChange: `${reason.code}: ${reason.text}`,
      });
      expect(places).toEqual(expect.arrayContaining(['SPONSOR', 'FR01', 'DE01']));
      expect((await wholes('statistician')).records).toEqual([]);
      const foreign = await wholes('otherCoordinator', `&subject=${other}`);
      expect(foreign.told).toEqual(study);
      expect(foreign.places).toEqual(['DE01', 'FR01', 'SPONSOR']);
    },
  );

  it('says who did it, when, at which point, and why', async () => {
    const { document } = await acts('inspector');
    const items = document.subjects
      .flatMap(formsOf)
      .flatMap(([, { itemGroups = [] }]) => itemGroups.flatMap(({ items = [] }) => items));
    const verified = items.find(({ annotations }) => annotations?.[0]?.comment?.text[''] === 'ItemsVerified');
    expect(verified).toMatchObject({
      transactionType: 'Context',
      auditRecord: { userOid: trial.userId('monitor'), editPoint: 'Monitoring', locationOid: 'FR01' },
    });
    const moved = document.subjects.find(({ siteOid }) => siteOid === 'DE01');
    expect(moved).toMatchObject({
      auditRecord: {
        editPoint: 'DataManagement',
        reasonForChange: `${reason.code}: ${reason.text}`,
      },
    });
    const places = document.admin.locations!.map(({ oid }) => oid);
    expect(places).toEqual(expect.arrayContaining(['FR01', 'DE01']));
  });

  it('of the committee is for those who may see it only', async () => {
    const site = await exported('otherCoordinator');
    expect(site.subjects.map(({ subjectKey }) => subjectKey)).toContain(other);
    expect(site.told).not.toMatch(/Opinion|Adjudicated|AD[123]CAUSE|ADFINAL|Progression|>Ada<|>Bo</);
    expect((await acts('dataManager')).document.told).toContain('>Ada<');
  });

  it('that tells the arms apart is as if it were not, for whoever is blinded', async () => {
    const blinded = await acts('statistician');
    expect(blinded.acts).toContain('DataFrozen V_SCR');
    expect(blinded.document.told).not.toMatch(/"V_SURG"|"SU"|AuditRecord/);
    expect((await acts('unblindedStatistician')).acts).toContain('DataFrozen V_SURG/SU');
  });

  it('but entries and a subject’s way is left where the document is entered, and told', async () => {
    const { xml } = await exported('inspector');
    const types = { 'Content-Type': 'application/xml' };
    const answer = await accepted(
      investigator.raw('POST', `${DATA}?site=FR01&consentDate=2024-01-10`, xml, types),
    );
    const left = answer.unsupported.map(({ path, reason }: Unsupported) => `${path}: ${reason}`).join('\n');
    expect(left).toMatch(/FormData.*signatures are not entered/);
    expect(left).toMatch(/ClinicalData.Annotation: what is said of no subject/);
    for (const element of ['SubjectData', 'StudyEventData', 'FormData', 'ItemData'])
      expect(left, element).toMatch(new RegExp(`${element}.*acts other than`));
  });
});
