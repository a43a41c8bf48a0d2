/** A small study, and a subject's course in it, for the specs of this library. */
import { given as givenEvents } from '#decider';
import type { Actor } from '#event-store';
import { type CompiledItem, compile, type Definition, type ItemDefinition, Lineage } from '#study';
import { type FormAddress, formKey, type ItemAddress } from './address.js';
import { type Casebook, type CasebookEvent, emptyCasebook, evolve } from './casebook.js';
import { type EnterFormFacts, enterForm } from './form/enter-form.js';
import { type EnterForm, prepareForm } from './form/entry.js';
import type { Change, Held, Reason } from './held.js';
import { seal, unseal } from './identity/seal.js';
import type { Stamped } from './stamped.js';

export const SUBJECT = 'FR01-0001';
export const TODAY = '2026-03-01';
export const KEY = new Uint8Array(32).fill(7);
export const reason: Reason = { code: 'entry-error', text: 'Misread the source' };
/** Of someone who may see every query. */
export const seesQueries = { shows: () => true };
export const investigator: Actor = { user: 'anna', role: 'investigator' };

export const BASELINE: FormAddress = { visit: 'V1', form: 'DM' };
export const DEATH: FormAddress = { visit: 'V1', form: 'DD' };
export const FOLLOW_UP: FormAddress = { visit: 'FU', form: 'LB' };
export const ADVERSE_EVENT: FormAddress = { visit: 'LOG', form: 'AE' };

export const definition: Definition = {
  study: { oid: 'S', name: 'Study', description: '' },
  arms: [
    { code: 'A', label: 'Arm A' },
    { code: 'B', label: 'Arm B' },
  ],
  milestones: { inclusion: 'I.DX', death: 'I.DTH', causeOfDeath: ['I.CAUSE'], lastAlive: ['I.DX'] },
  visits: [
    { oid: 'V1', label: 'Baseline', type: 'scheduled', repeating: false, forms: ['DM', 'DD'] },
    { oid: 'FU', label: 'Follow-up', type: 'unscheduled', repeating: true, forms: ['LB'] },
    { oid: 'LOG', label: 'Log', type: 'common', repeating: false, forms: ['AE'] },
  ],
  forms: [
    {
      oid: 'DM',
      label: 'Baseline',
      repeating: false,
      groups: [
        {
          oid: 'IG.DM',
          label: 'Baseline',
          repeating: false,
          items: [
            { oid: 'I.NAME', label: 'Name', type: 'text', presence: 'optional', identifying: true },
            { oid: 'I.BIRTH', label: 'Birth', type: 'partialDate', presence: 'mandatory', identifying: true },
            { oid: 'I.SEX', label: 'Sex', type: 'code', codeList: 'CL.SEX', presence: 'mandatory' },
            {
              oid: 'I.WEIGHT',
              label: 'Weight',
              type: 'decimal',
              unit: 'kg',
              range: { soft: { min: 30, max: 250 }, hard: { min: 0 } },
              presence: 'mandatory',
            },
            { oid: 'I.SYMPT', label: 'Symptoms', type: 'codes', codeList: 'CL.SYMPT', presence: 'optional' },
            { oid: 'I.DX', label: 'Diagnosis', type: 'partialDate', presence: 'optional' },
            { oid: 'I.SEEN', label: 'Seen', type: 'date', presence: 'optional' },
            { oid: 'I.STAY', label: 'Stay', type: 'integer', presence: 'optional', revealsArm: true },
            { oid: 'I.BMI', label: 'BMI', type: 'decimal', presence: 'mandatory', derived: true },
            {
              oid: 'I.CENTRAL',
              label: 'Central review',
              type: 'text',
              presence: 'mandatory',
              hiddenFrom: ['investigator', 'coordinator'],
            },
          ],
        },
        {
          oid: 'IG.TL',
          label: 'Target lesions',
          repeating: true,
          maxRows: 2,
          items: [
            { oid: 'I.TLSITE', label: 'Site', type: 'text', presence: 'mandatory' },
            {
              oid: 'I.TLDIAM',
              label: 'Diameter',
              type: 'decimal',
              unit: 'mm',
              range: { soft: { max: 100 } },
              presence: 'optional',
            },
            {
              oid: 'I.TLREVIEW',
              label: 'Review',
              type: 'text',
              presence: 'optional',
              hiddenFrom: ['investigator'],
            },
          ],
        },
      ],
    },
    {
      oid: 'DD',
      label: 'Death',
      repeating: false,
      groups: [
        {
          oid: 'IG.DD',
          label: 'Death',
          repeating: false,
          items: [
            { oid: 'I.DTH', label: 'Date of death', type: 'partialDate', presence: 'mandatory' },
            { oid: 'I.CAUSE', label: 'Cause', type: 'code', codeList: 'CL.CAUSE', presence: 'optional' },
          ],
        },
      ],
    },
    {
      oid: 'LB',
      label: 'Laboratory',
      repeating: false,
      groups: [
        {
          oid: 'IG.LB',
          label: 'Laboratory',
          repeating: false,
          items: [
            {
              oid: 'I.HB',
              label: 'Haemoglobin',
              type: 'decimal',
              unit: 'g/dL',
              range: { soft: { min: 3, max: 22 } },
              presence: 'mandatory',
            },
          ],
        },
      ],
    },
    {
      oid: 'AE',
      label: 'Adverse event',
      repeating: true,
      groups: [
        {
          oid: 'IG.AE',
          label: 'Adverse event',
          repeating: false,
          items: [{ oid: 'I.AETERM', label: 'Term', type: 'text', presence: 'mandatory' }],
        },
      ],
    },
  ],
  codeLists: [
    { oid: 'CL.SEX', label: 'Sex', codes: ['F', 'M'].map((code) => ({ code, label: code })) },
    { oid: 'CL.SYMPT', label: 'Symptoms', codes: ['PAIN', 'FLUSH'].map((code) => ({ code, label: code })) },
    { oid: 'CL.CAUSE', label: 'Causes', codes: ['TUMOUR', 'OTHER'].map((code) => ({ code, label: code })) },
  ],
  endpoints: [],
};

export const study = compile(definition, 1);
export const lineage = new Lineage([study]);

/** Later versions, each made by changing the one before. */
export function lineageOf(...steps: readonly ((next: Definition) => unknown)[]): Lineage {
  const next = structuredClone(definition);
  const versions = steps.map((step, i) => {
    step(next);
    return compile(next, i + 2);
  });
  return new Lineage([study, ...versions]);
}

/** An item of a definition, to be changed. */
export function itemOf({ forms }: Definition, oid: string): ItemDefinition {
  return forms.flatMap(({ groups }) => groups.flatMap(({ items }) => items)).find((one) => one.oid === oid)!;
}

export function withoutItem(oid: string): (next: Definition) => void {
  return ({ forms }) => {
    for (const { groups } of forms)
      for (const group of groups) group.items = group.items.filter((one) => one.oid !== oid);
  };
}

/** The study's clock in these specs: a minute passes from event to event. */
export const instant = (minute: number) => new Date(Date.UTC(2026, 2, 1, 8, minute)).toISOString();

/** Events as the log hands them back after those that `casebook` rests on; a person acts unless they say. */
export function recorded(
  events: readonly CasebookEvent[],
  casebook: Casebook = emptyCasebook,
): Stamped<CasebookEvent>[] {
  return events.map((event, i): Stamped<CasebookEvent> => {
    const revision = casebook.revision + 1 + i;
    return { ...event, actor: event.actor ?? investigator, recordedAt: instant(revision), revision };
  });
}

/** The casebook after events that follow on `before`. */
export function folded(events: readonly CasebookEvent[], before: Casebook = emptyCasebook): Casebook {
  return recorded(events, before).reduce(evolve, before);
}

/** Given an enrolled subject, to whom then this happened. */
export const given = (...events: readonly CasebookEvent[]) =>
  givenEvents(evolve, emptyCasebook, recorded([enrolment, ...events]));

/** What came of decisions taken one after the other on an enrolled subject's casebook. */
export function course(...decisions: readonly ((casebook: Casebook) => CasebookEvent[])[]): Casebook {
  return decisions.reduce((casebook, decide) => folded(decide(casebook), casebook), folded([enrolment]));
}

export const enrolment: CasebookEvent = {
  type: 'SubjectEnrolled',
  data: { site: 'FR01', subject: SUBJECT, consentDate: '2026-01-15', definition: 1 },
};

export const value = (value: string | number | readonly string[]): Held => ({ value });

/** `I.SEX`, or `IG.TL/1/I.TLSITE` for an item of a row. */
export function change(path: string, from: Held | null, to: Held | null): Change {
  return { ...addressOf(path), from, to };
}

function addressOf(path: string): ItemAddress {
  const [group, row, item] = path.split('/');
  return item === undefined ? { item: path } : { item, group: group!, row: row! };
}

/** Items that were entered where nothing was held. */
export function entered(items: Readonly<Record<string, Held>>, form: FormAddress = BASELINE): CasebookEvent {
  const changes = Object.entries(items).map(([path, held]) => change(path, null, held));
  return { type: 'ItemsEntered', data: { ...form, first: true, changes } };
}

/** Where a value of the baseline form, or of another one, is sealed to. */
export const place = (path: string, form: FormAddress = BASELINE) => `S/${SUBJECT}/${formKey(form)}/${path}`;

export const sealed = (path: string, text: string): Held => ({ value: seal(KEY, place(path), text) });

export const seesAsInvestigator = (item: CompiledItem) => !item.hiddenFrom?.includes('investigator');

/** An investigator, who has read the form where there is one, enters what `body` says. */
export function enter(body: Partial<Omit<EnterForm, 'subject'>>, own: Partial<EnterFormFacts> = {}) {
  return (casebook: Casebook): CasebookEvent[] => {
    const command: EnterForm = {
      subject: SUBJECT,
      ...BASELINE,
      items: {},
      missing: {},
      rows: {},
      whole: false,
      ...body,
    };
    const facts: EnterFormFacts = {
      study,
      today: TODAY,
      now: instant(casebook.revision + 1),
      actor: investigator,
      ifMatch: casebook.forms[formKey(command)] && { any: true },
      mayEnter: seesAsInvestigator,
      seal: (path, text) => seal(KEY, place(path, command), text),
      open: (address, path, sealed) => unseal(KEY, place(path, address), sealed),
      ...seesQueries,
      view: (form) => form,
      ...own,
    };
    return enterForm(prepareForm(command, facts), casebook, facts);
  };
}
