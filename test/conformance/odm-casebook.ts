import type { CasebookEvent } from '#casebook';
import type { Actor, NewEvent } from '#event-store';

/** Some events share one member of the union. */
type DataOf<Event, Type> = Event extends { type: infer Own; data: infer Data }
  ? Type extends Own
    ? Data
    : never
  : never;

/** Without a kind of event that there is it does not compile. */
type Course = { readonly [Type in CasebookEvent['type']]: readonly DataOf<CasebookEvent, Type>[] };

const reason = { code: 'transcription-error', text: 'Misread\nfrom the source document' };
const DM = { visit: 'V_SCR', form: 'DM' };
const DD = { visit: 'V_EOS', form: 'DD' };
const cause = { ...DD, item: 'I.DD.ADFINAL' };
const places = [
  { level: 'subject' },
  { level: 'visit', visit: 'V_SCR' },
  { level: 'form', ...DM },
  { level: 'item', ...DM, item: 'I.DM.WEIGHT' },
  { level: 'item', visit: 'V_SCR', form: 'IM', item: 'I.IM.TLDIAM', group: 'IG.IM.TL', row: '1' },
] as const;

/** Everything that can happen to a casebook of the first shipped study, in an order in which it could. */
const course = (subject: string): Course => {
  const asked = { query: `${subject}-Q1`, text: 'Really?' };
  const signed = {
    ...{ name: 'Anna Investigator', items: ['I.DM.SEX', 'I.DM.WEIGHT'], definition: 1 },
    ...{ hash: 'L9ThxnotKPzthJ7hu3bnORuT6xI=', openQueries: 1 },
  };
  return {
    SubjectEnrolled: [{ site: 'FR01', subject, consentDate: '2026-01-02', definition: 1 }],
    ItemsEntered: [
      {
        ...{ ...DM, first: true },
        changes: [
          { item: 'I.DM.SEX', from: null, to: { value: 'F' } },
          { item: 'I.DM.WEIGHT', from: null, to: { value: 61.5 } },
          { item: 'I.DM.HEIGHT', from: null, to: { missing: 'refused' } },
        ],
      },
      {
        ...{ visit: 'V_SCR', form: 'IM', first: true },
        changes: [
          { item: 'I.IM.TLDIAM', group: 'IG.IM.TL', row: '1', from: null, to: { value: 12 } },
          { item: 'I.IM.TLDIAM', group: 'IG.IM.TL', row: '2', from: null, to: { value: 14 } },
        ],
      },
    ],
    ItemsDerived: [{ ...DM, changes: [{ item: 'I.DM.BMI', from: null, to: { value: 21.3 } }] }],
    FormCompleted: [DM],
    QueryRaised: [
      { ...asked, ...DM, item: 'I.DM.SEX' },
      { ...asked, query: `${subject}-Q2`, visit: 'V_SCR' },
      { ...asked, query: `${subject}-Q3`, ...DM, item: 'I.DM.WEIGHT', check: 'range' },
    ],
    QueryCommented: [asked],
    QueryAnswered: [asked],
    QueryReopened: [asked],
    QueryClosed: [asked],
    QueryCancelled: [{ ...asked, query: `${subject}-Q2` }],
    ItemsVerified: [{ ...DM, items: [{ item: 'I.DM.WEIGHT', version: 1 }] }],
    SignatureGiven: [
      {
        ...{ ...signed, signature: `${subject}-S1`, meaning: 'I reviewed\nthese data.' },
        forms: [{ ...DM, revision: 3 }],
      },
      {
        ...{ ...signed, signature: `${subject}-S2`, meaning: 'I agree.', countersigns: `${subject}-S1` },
        forms: [{ ...DM, revision: 3 }],
      },
    ],
    FormReopened: [DM],
    ItemsCorrected: [
      {
        ...{ ...DM, reason, query: asked.query },
        changes: [
          { item: 'I.DM.WEIGHT', from: { value: 61.5 }, to: { value: 62 } },
          { item: 'I.DM.SEX', from: { value: 'F' }, to: null },
        ],
      },
    ],
    SignatureBroken: [
      { signature: `${subject}-S1`, by: 'anna', changed: [{ ...DM, items: ['I.DM.WEIGHT', 'I.DM.SEX'] }] },
    ],
    VerificationWithdrawn: [{ ...DM, items: [{ item: 'I.DM.WEIGHT' }], reason }],
    ArmAllocated: [{ arm: 'A', date: '2026-01-20' }],
    ArmCrossedOver: [{ from: 'A', to: 'B', date: '2026-02-20', reason }],
    DefinitionAdopted: [{ definition: 2 }],
    ScreeningFailed: [{ date: '2026-01-05', reason }],
    SubjectWithdrawn: [{ date: '2026-01-06', reason, scope: 'all' }],
    SubjectReinstated: [{ reason, consentDate: '2026-01-07' }],
    SubjectCompleted: [{ date: '2026-03-01' }],
    SubjectTransferred: [{ from: 'FR01', to: 'DE01', date: '2026-03-02', reason }],
    DataFrozen: places,
    DataUnfrozen: places.map((place) => ({ ...place, reason })),
    DataLocked: places,
    DataUnlocked: places.map((place) => ({ ...place, reason })),
    SubjectDied: [{ date: '2026-04-01' }],
    OpinionRecorded: [{ ...cause, opinion: 1, cause: 'SINET', comment: 'Progression' }],
    EndpointAdjudicated: [{ ...cause, cause: 'SINET', by: 'agreement' }],
    ItemsAdjudicated: [{ ...DD, changes: [{ item: cause.item, from: null, to: { value: 'SINET' } }] }],
    AdjudicationReopened: [cause],
    DeathRetracted: [{}],
    IdentityErased: [{ reason }],
  };
};

const system: Readonly<Partial<Record<CasebookEvent['type'], Actor>>> = {
  ItemsDerived: { system: 'derivation' },
  SignatureBroken: { system: 'signature' },
};

export function everyAct(subject: string): NewEvent[] {
  return Object.entries(course(subject)).flatMap(([type, all]) => {
    const actor = system[type as CasebookEvent['type']];
    return all.map((data) => ({ type, data, ...(actor && { actor }) }));
  });
}
