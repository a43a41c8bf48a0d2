import { describe, expect, it } from 'vitest';
import type { Actor } from '#event-store';
import { compile, type Definition, Lineage } from '#study';
import type { Casebook, CasebookEvent } from '../casebook.js';
import { projectCasebook } from '../casebook.projection.js';
import {
  BASELINE,
  change,
  course,
  DEATH,
  definition,
  enter,
  instant,
  reason,
  SUBJECT,
  TODAY,
  value,
} from '../casebook.spec-kit.js';
import { following } from '../consequences.js';
import { viewForm } from '../form/view.js';
import { recordOpinion } from './adjudication.js';
import { viewPacket } from './adjudication.view.js';
import { adjudicationStatus } from './adjudication-state.js';

const sites = ['investigator', 'coordinator'];
const adjudicated = ['I.AD1', 'I.AD2', 'I.AD3', 'I.FINAL'];

/** The small study, with a committee that does not see the site's cause. */
function withCommittee(): Definition {
  const copy = structuredClone(definition);
  copy.forms
    .find(({ oid }) => oid === 'DD')!
    .groups[0]!.items.push(
      ...adjudicated.map((oid) => ({
        oid,
        label: oid,
        type: 'code' as const,
        codeList: 'CL.CAUSE',
        presence: 'optional' as const,
        hiddenFrom: sites,
      })),
      { oid: 'I.ADDAT', label: 'Day', type: 'date', presence: 'optional', hiddenFrom: sites },
    );
  copy.codeLists.find(({ oid }) => oid === 'CL.CAUSE')!.codes.push({ code: 'UNKNOWN', label: 'Unknown' });
  const [first, second, third, final] = adjudicated;
  copy.adjudication = {
    of: 'death',
    opinions: [first!, second!, third!],
    final: final!,
    date: 'I.ADDAT',
    masked: ['I.CAUSE'],
  };
  return copy;
}
const study = compile(withCommittee(), 1);
const lineage = new Lineage([study]);

const member = (user: string): Actor => ({ user, role: 'adjudicator' });
const opine = (who: string, cause: string) => (casebook: Casebook) =>
  following(recordOpinion)({ subject: SUBJECT, cause }, casebook, {
    study,
    actor: member(who),
    today: TODAY,
    now: instant(casebook.revision + 1),
    mayEnter: () => false,
    open: undefined,
  }).map((event): CasebookEvent => ({ ...event, actor: event.actor ?? member(who) }));
const site = (body: Parameters<typeof enter>[0]) => enter(body, { study });
const death = site({ ...DEATH, items: { 'I.DTH': '2026-02-01', 'I.CAUSE': 'OTHER' } });

const heldIn = ({ forms }: Casebook) =>
  Object.fromEntries(
    [...adjudicated, 'I.ADDAT'].map((oid) => {
      const held = forms['V1/DD']?.items[oid]?.held;
      return [oid, held && 'value' in held ? held.value : null];
    }),
  );
function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'accepted';
}

describe('an opinion', () => {
  it('is recorded with the item of the death’s form, by the member and by the system', () => {
    expect(opine('ada', 'TUMOUR')(course(death))).toEqual([
      {
        type: 'OpinionRecorded',
        data: { ...DEATH, item: 'I.AD1', opinion: 1, cause: 'TUMOUR' },
        actor: member('ada'),
      },
      {
        type: 'ItemsAdjudicated',
        data: { ...DEATH, changes: [change('I.AD1', null, value('TUMOUR'))] },
        actor: { system: 'adjudication' },
      },
    ]);
  });

  it('is refused where there is no death, of an unknown cause, twice of one person, and after the decision', () => {
    expect(refusal(() => opine('ada', 'TUMOUR')(course()))).toBe('not-found');
    expect(refusal(() => opine('ada', 'NONE')(course(death)))).toBe('invalid-value');
    const one = course(death, opine('ada', 'TUMOUR'));
    expect(refusal(() => opine('ada', 'OTHER')(one))).toBe('conflict');
    const decided = course(death, opine('ada', 'TUMOUR'), opine('bo', 'TUMOUR'));
    expect(refusal(() => opine('cy', 'TUMOUR')(decided))).toBe('conflict');
  });
});

describe('the committee', () => {
  it('decides where two agree', () => {
    const casebook = course(death, opine('ada', 'TUMOUR'), opine('bo', 'TUMOUR'));
    expect(adjudicationStatus(casebook)).toBe('adjudicated');
    expect(heldIn(casebook)).toEqual({
      'I.AD1': 'TUMOUR',
      'I.AD2': 'TUMOUR',
      'I.AD3': null,
      'I.FINAL': 'TUMOUR',
      'I.ADDAT': '2026-03-01',
    });
  });

  it.each(['TUMOUR', 'OTHER', 'UNKNOWN'])(
    'where two differ waits for a third, whose opinion %s is final',
    (third) => {
      const differing = course(death, opine('ada', 'TUMOUR'), opine('bo', 'OTHER'));
      expect(adjudicationStatus(differing)).toBe('disagreement');
      expect(heldIn(differing)).toMatchObject({ 'I.FINAL': null, 'I.ADDAT': null });
      const after = course(death, opine('ada', 'TUMOUR'), opine('bo', 'OTHER'), opine('cy', third));
      expect(heldIn(after)).toMatchObject({ 'I.AD3': third, 'I.FINAL': third });
      expect(after.adjudication?.final).toMatchObject({ cause: third });
    },
  );

  it('begins anew where the date of death is corrected or retracted, and only then', () => {
    const decided = [death, opine('ada', 'TUMOUR'), opine('bo', 'TUMOUR')];
    const other = site({ ...DEATH, items: { 'I.CAUSE': 'TUMOUR' }, reason });
    expect(adjudicationStatus(course(...decided, other))).toBe('adjudicated');
    for (const [date, status] of [
      ['2026-02-02', 'pending'],
      [null, 'none'],
    ] as const) {
      const correction = site({ ...DEATH, items: { 'I.DTH': date }, reason });
      expect(correction(course(...decided)).map(({ type }) => type)).toEqual([
        'ItemsCorrected',
        date === null ? 'DeathRetracted' : 'SubjectDied',
        'AdjudicationReopened',
        'ItemsAdjudicated',
      ]);
      const after = course(...decided, correction);
      expect(adjudicationStatus(after)).toBe(status);
      expect(new Set(Object.values(heldIn(after)))).toEqual(new Set([null]));
    }
  });

  it('has a row in its list from the death on', () => {
    const rows = (casebook: Casebook) =>
      projectCasebook(course(), casebook, 'S').flatMap(({ model, rows }) =>
        model.table === 'adjudication' ? rows : [],
      );
    expect(rows(course(site({ ...BASELINE, items: { 'I.SEX': 'F' } })))).toEqual([]);
    const row = { study: 'S', subject: SUBJECT, died: '2026-02-01' };
    expect(rows(course(death))).toEqual([{ ...row, status: 'pending', members: [] }]);
    expect(rows(course(death, opine('ada', 'TUMOUR')))).toEqual([
      { ...row, status: 'pending', members: ['ada'] },
    ]);
  });
});

describe('what the committee does', () => {
  it('leaves the form for its site as it was, its tag too', () => {
    const before = course(death);
    const after = course(death, opine('ada', 'TUMOUR'), opine('bo', 'TUMOUR'));
    const reader = {
      identity: true,
      arms: true,
      item: ({ hiddenFrom }: { hiddenFrom?: readonly string[] }) => !hiddenFrom?.includes('investigator'),
      unseal: () => undefined,
    };
    const seen = ({ forms }: Casebook) => viewForm(forms['V1/DD']!, [], lineage, reader);
    expect(seen(after)).toEqual(seen(before));
    expect(after.forms['V1/DD']!.revision).toBe(before.forms['V1/DD']!.revision);
    const entry = site({
      ...DEATH,
      items: { 'I.FINAL': 'TUMOUR' },
    });
    expect(refusal(() => entry(after))).toBe('invalid-value');
    const whole = site({ ...DEATH, whole: true, items: { 'I.DTH': '2026-02-01' }, reason });
    expect(heldIn(course(death, opine('ada', 'TUMOUR'), whole))).toMatchObject({ 'I.AD1': 'TUMOUR' });
  });

  it('rests on a packet without identity, arm, site’s cause and others’ opinions', () => {
    const baseline = site({
      ...BASELINE,
      items: { 'I.NAME': 'Anna', 'I.SEX': 'F', 'I.STAY': 3, 'I.WEIGHT': 60 },
    });
    const casebook = course(baseline, death, opine('ada', 'TUMOUR'));
    const packet = viewPacket(casebook, lineage, 'bo');
    expect(packet).toMatchObject({ subjectKey: SUBJECT, status: 'pending', opinions: 1, own: null });
    expect(packet.forms.flatMap(({ items }) => items.map(({ item, value }) => `${item} ${value}`))).toEqual([
      'I.SEX F',
      'I.WEIGHT 60',
      'I.DTH 2026-02-01',
    ]);
    expect(viewPacket(casebook, lineage, 'ada').own).toMatchObject({ cause: 'TUMOUR' });
  });
});
