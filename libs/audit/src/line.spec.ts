import { describe, expect, it } from 'vitest';
import { type CasebookEvent, type Change, readerOf } from '#casebook';
import type { Actor, RecordedEvent } from '#event-store';
import { compile, shippedStudies } from '#study';
import { auditLines, type LineContext, lineColumns } from './line.js';

const study = compile(shippedStudies()[0]!, 1);
const ann = { user: 'u1', role: 'coordinator' };
const everything = { identity: true, arms: true, item: () => true };
const reason = { code: 'transcription-error', text: 'Misread source' };
const weight = (from: Change['from'], to: Change['to']): Change => ({ item: 'I.DM.WEIGHT', from, to });

function recorded({ type, data, actor = ann }: { type: string; data: unknown; actor?: Actor }) {
  return {
    type,
    data,
    actor,
    log: 'SINET',
    position: 7,
    recordedAt: '2026-01-15T10:00:00.000Z',
    revision: 3,
    salt: '',
    schemaVersion: 1,
    stream: 'subject/FR01-0001',
  } satisfies RecordedEvent;
}

function context(
  sight = everything as Parameters<typeof readerOf>[0],
  place: Partial<LineContext['place']> = {},
): LineContext {
  return {
    place: { site: 'FR01', subject: 'FR01-0001', visit: 'V_SCR', form: 'DM', item: null, ...place },
    people: new Map([['u1', 'Ann Roy']]),
    study,
    reader: readerOf(sight, undefined, String),
    showsQuery: true,
  };
}

const lines = (event: CasebookEvent, to = context()) => auditLines(recorded(event), to);
const corrected = (...changes: Change[]): CasebookEvent => ({
  type: 'ItemsCorrected',
  data: { visit: 'V_SCR', form: 'DM', changes, reason },
});
const entered = (...changes: Change[]): CasebookEvent => ({
  type: 'ItemsEntered',
  data: { visit: 'V_SCR', form: 'DM', first: true, changes },
});
const textOf = (change: Change) => lines(entered(change))[0]?.text;

describe('a line of the audit trail', () => {
  it('C-01 C-05: tells who, when, what, old and new value and why, item by item and in words', () => {
    const change = weight({ value: 70 }, { value: 72 });
    const other: Change = { item: 'I.DM.SEX', from: { value: 'M' }, to: { value: 'F' } };
    const [first, second, ...rest] = lines(corrected(change, other));
    expect(first).toEqual({
      position: 7,
      line: 0,
      recordedAt: '2026-01-15T10:00:00.000Z',
      user: 'u1',
      userName: 'Ann Roy',
      role: 'coordinator',
      system: null,
      type: 'ItemsCorrected',
      subjectKey: 'FR01-0001',
      site: 'FR01',
      visit: 'V_SCR',
      form: 'DM',
      item: 'I.DM.WEIGHT',
      group: null,
      row: null,
      oldValue: 70,
      oldMissing: null,
      newValue: 72,
      newMissing: null,
      masked: null,
      reasonCode: 'transcription-error',
      reason: 'Misread source',
      text: 'Corrected Weight from 70 kg to 72 kg: transcription-error, Misread source',
    });
    expect(second).toMatchObject({ line: 1, oldValue: 'M', newValue: 'F' });
    expect(second?.text).toBe('Corrected Sex from Male to Female: transcription-error, Misread source');
    expect(rest).toEqual([]);
    expect(Object.keys(first!)).toEqual(lineColumns);
  });

  it('has words for every kind of value', () => {
    expect(textOf(weight(null, { value: 70 }))).toBe('Entered Weight: 70 kg');
    expect(textOf(weight(null, { missing: 'not-done' }))).toBe('Entered Weight: not done');
    expect(textOf({ item: 'I.DX.EXHEP', from: null, to: { value: [] } })).toBe(
      'Entered Extrahepatic metastases: none of them',
    );
    expect(textOf({ item: 'I.SU.SUPROC', from: null, to: { value: ['NO_SUCH', 'CODE'] } })).toBe(
      'Entered Procedures: NO_SUCH, CODE',
    );
    expect(textOf({ item: 'I.TX.TXDRUG', from: null, to: { value: 'Drug' } })).toBe('Entered Drug: “Drug”');
    expect(textOf({ item: 'I.EN.ENDAT', from: null, to: { value: '2026-01-15' } })).toBe(
      'Entered Date of inclusion: 2026-01-15',
    );
    expect(lines(corrected(weight({ value: 70 }, null)))[0]?.text).toMatch(
      /^Corrected Weight from 70 kg to nothing: /,
    );
    expect(lines(corrected(weight({ value: 70 }, null)))[0]).toMatchObject({ oldValue: 70, newValue: null });
  });

  it('C-06: tells what the system derived from what people entered', () => {
    const bmi = (from: Change['from'], to: Change['to']) => {
      const changes = [{ item: 'I.DM.BMI', from, to }];
      const data = { visit: 'V_SCR', form: 'DM', changes };
      const event = recorded({ type: 'ItemsDerived', data, actor: { system: 'derivation' } });
      return auditLines(event, context())[0];
    };
    expect(bmi(null, { value: 24.7 })).toMatchObject({
      user: null,
      system: 'derivation',
      newValue: 24.7,
      text: 'Derived Body mass index: 24.7 kg/m²',
    });
    expect(bmi({ value: 24.7 }, null)?.text).toBe('Derived anew Body mass index from 24.7 kg/m² to nothing');
  });

  it('names the row of an item that repeats', () => {
    const change: Change = {
      item: 'I.IM.TLID',
      group: 'IG.IM.TL',
      row: 'r2',
      from: null,
      to: { value: 'S4' },
    };
    expect(lines(entered(change))[0]).toMatchObject({
      group: 'IG.IM.TL',
      row: 'r2',
      text: 'Entered Lesion in row r2: “S4”',
    });
  });

  it('C-06: tells the system’s acts from people’s', () => {
    const event = {
      type: 'QueryRaised' as const,
      actor: { system: 'edit check' },
      data: {
        visit: 'V_SCR',
        form: 'DM',
        item: 'I.DM.WEIGHT',
        query: 'FR01-0001-Q1',
        check: 'range',
        text: 'Too heavy.',
      },
    };
    const [line] = lines(event, context(everything, { item: 'I.DM.WEIGHT' }));
    expect(line).toMatchObject({ user: null, userName: null, role: null, system: 'edit check' });
    expect(line?.text).toBe('Raised query FR01-0001-Q1 on Weight (check: range): “Too heavy.”');
  });
});

describe('what a reader may not see', () => {
  const hidden: Change = { item: 'I.DD.ADFINAL', from: null, to: { value: 'SINET' } };
  const name: Change = { item: 'I.DM.NAME', from: null, to: { value: { sealed: 'AAAA' } } };
  const surgery: Change = { item: 'I.SU.SUTYPE', from: null, to: { value: 'PLANNED' } };

  it('C-23: is left out where the item is hidden, and other lines keep their places', () => {
    const site = { ...everything, item: ({ hiddenFrom }: { hiddenFrom?: readonly string[] }) => !hiddenFrom };
    const shown = lines(entered(hidden, weight(null, { value: 70 })), context(site));
    expect(shown.map(({ line, item }) => [line, item])).toEqual([[1, 'I.DM.WEIGHT']]);
    const query = { query: 'FR01-0001-Q1', text: 'Cause?' };
    expect(lines({ type: 'QueryAnswered', data: query }, context(site, { item: 'I.DD.ADFINAL' }))).toEqual(
      [],
    );
    expect(
      lines({ type: 'QueryAnswered', data: query }, context(everything, { item: 'I.DD.ADFINAL' })),
    ).toHaveLength(1);
  });

  it('C-25: is masked where it identifies, and said to be erased where the key is gone', () => {
    const [masked] = lines(entered(name), context({ ...everything, identity: false }));
    expect(masked).toMatchObject({ newValue: null, masked: 'identifying' });
    expect(masked?.text).toBe('Entered Name: (identifying, not shown)');
    const [erased] = lines(entered(name));
    expect(erased).toMatchObject({ newValue: null, masked: 'erased', text: 'Entered Name: (erased)' });
  });

  it('C-23: is left out where it tells the arms apart, with every word that could', () => {
    const blinded = context({ ...everything, arms: false });
    const allocated: CasebookEvent = { type: 'ArmAllocated', data: { arm: 'A', date: '2026-01-15' } };
    expect(lines(allocated, blinded)).toEqual([]);
    expect(
      lines(
        {
          type: 'ArmCrossedOver',
          data: { from: 'B', to: 'A', date: '2026-01-15', reason: { code: 'c', text: 'SECRET' } },
        },
        blinded,
      ),
    ).toEqual([]);
    const mixed = corrected({ ...surgery, from: { value: 'URGENT' } }, weight({ value: 1 }, { value: 2 }));
    expect(lines(mixed, blinded)).toMatchObject([
      { line: 1, item: 'I.DM.WEIGHT', reason: null, reasonCode: null, masked: null },
    ]);
    const closed: CasebookEvent = { type: 'QueryClosed', data: { query: 'FR01-0001-Q1', text: 'SECRET' } };
    const everyone = { ...everything, arms: false };
    expect(lines(closed, context(everyone, { item: 'I.SU.SUTYPE' }))).toEqual([]);
    expect(lines(closed, context(everyone, { visit: 'V_SURG', form: 'SU' }))).toEqual([]);
    expect(lines(closed, context(everyone))).toHaveLength(1);
    expect(lines(allocated)[0]).toMatchObject({
      newValue: 'A',
      masked: null,
      text: 'Allocated arm A (Resection of the primary as initial strategy) on 2026-01-15',
    });
  });

  it('C-23: is left out where the query is not for the reader, and no entry tells of it', () => {
    const query = 'FR01-0001-Q1';
    const unseen = { ...context(), showsQuery: false };
    expect(lines({ type: 'QueryCommented', data: { query, text: 'So.' } }, unseen)).toEqual([]);
    const change = weight({ value: 70 }, { value: 72 });
    const data = { visit: 'V_SCR', form: 'DM', changes: [change], reason, query };
    const because: CasebookEvent = { type: 'ItemsCorrected', data };
    expect(lines(because, unseen)[0]?.text).toMatch(/Misread source$/);
    expect(lines(because)[0]?.text).toMatch(/Misread source \(query FR01-0001-Q1\)$/);
  });

  it('is left out where the definition does not say whether it may be seen', () => {
    expect(lines(entered({ item: 'I.XX.UNKNOWN', from: null, to: { value: 1 } }))).toEqual([]);
  });
});

describe('every other event', () => {
  const outside: LineContext = {
    ...context(everything, { site: null, subject: null, visit: null, form: null }),
    study: undefined,
  };
  const text = (type: string, data: unknown, to = outside) =>
    auditLines(recorded({ type, data }), to)[0]?.text;

  it('is told in words', () => {
    const told = [
      text('SubjectEnrolled', { subject: 'FR01-0001', site: 'FR01', consentDate: '2026-01-15' }),
      text('FormCompleted', {}, context(everything, { visit: 'V_UNS~3', form: 'LB' })),
      text(
        'QueryAnswered',
        { query: 'FR01-0001-Q1', text: 'Yes' },
        context(everything, { item: 'I.DM.WEIGHT' }),
      ),
      text('QueryRaised', { query: 'FR01-0001-Q2', text: 'All?' }, context()),
      text('QueryRaised', { query: 'FR01-0001-Q3', text: 'All?' }, context(everything, { form: null })),
      text(
        'QueryCommented',
        { query: 'FR01-0001-Q4', text: 'So.' },
        context(everything, { visit: null, form: null }),
      ),
      text('SubjectWithdrawn', { date: '2026-02-01', reason: { code: 'choice', text: '' } }),
      text('SiteOpened', { site: 'FR01', name: 'Beaujon', country: 'FR' }),
      text('DefinitionPublished', { version: 1 }),
      text('DefinitionAdopted', { definition: 2 }),
      text('UserCreated', { user: 'u2', name: 'Bo', email: 'bo@daybook.invalid' }),
      text('GrantGiven', {
        user: 'u1',
        role: 'monitor',
        study: 'SINET',
        sites: ['FR01', 'FR02'],
        unblinded: false,
      }),
      text('GrantWithdrawn', { user: 'u2', grant: 'g1', reason: 'Left' }),
      text('CasebookFrozen', { scope: 'all', reason: { code: 'end', text: 'Database lock' } }),
    ];
    expect(told).toEqual([
      'Enrolled subject FR01-0001 at site FR01, consent on 2026-01-15',
      'Completed form Laboratory in visit Unscheduled (3)',
      'Answered query FR01-0001-Q1 on Weight: “Yes”',
      'Raised query FR01-0001-Q2 on form Demographics in visit Screening and baseline: “All?”',
      'Raised query FR01-0001-Q3 on visit Screening and baseline: “All?”',
      'Commented on query FR01-0001-Q4 on the casebook: “So.”',
      'Recorded the withdrawal of 2026-02-01: choice',
      'Opened site FR01: Beaujon, FR',
      'Published version 1 of the study’s definition',
      'Adopted version 2 of the study’s definition',
      'Created the account of Bo, bo@daybook.invalid',
      'Granted Ann Roy the role monitor in study SINET, sites FR01, FR02',
      'Withdrew grant g1 from u2: Left',
      'Casebook frozen: end, Database lock',
    ]);
  });

  it('has the values before and after as columns of their own', () => {
    const crossed = { from: 'B', to: 'A', date: '2026-03-01', reason };
    expect(auditLines(recorded({ type: 'ArmCrossedOver', data: crossed }), context())[0]).toMatchObject({
      oldValue: 'B',
      newValue: 'A',
      reasonCode: 'transcription-error',
    });
    expect(auditLines(recorded({ type: 'toString', data: {} }), outside)[0]?.text).toBe('to string');
  });
});
