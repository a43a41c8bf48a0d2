import { describe, expect, it } from 'vitest';
import { type Audience, seenBy } from '../dataset.js';
import { SubjectEvents, sinet, studyOf } from '../dataset.spec-kit.js';
import { datasetsOf } from '../datasets/datasets.js';
import { type DatasetsFrom, differencesOf, stepsOfStudy, stepsOfSubject } from './comparison.js';
import { actsIn } from './comparison-stream.js';

const laboratory = (cga: number) => ({ 'I.LB.LBDAT': '2020-01-02', 'I.LB.CGA': cga });

const datasets = (study: ReturnType<typeof studyOf>, audience: Audience) =>
  new Map(
    datasetsOf(study).flatMap((one) => {
      const seen = seenBy(one, audience);
      return seen ? [[one.name, seen] as const] : [];
    }),
  );
const withOtherWeight = (form: (typeof sinet)['forms'][number]) => ({
  ...form,
  groups: form.groups.map((group) => ({
    ...group,
    items: group.items.map((item) => (item.oid === 'I.DM.WEIGHT' ? { ...item, label: 'Body weight' } : item)),
  })),
});
const ferritin = { oid: 'I.LB.FERRITIN', label: 'Ferritin', type: 'decimal', presence: 'optional' } as const;
const widened = {
  ...sinet,
  forms: sinet.forms.map((form) =>
    form.oid !== 'LB'
      ? form
      : { ...form, groups: form.groups.map((group) => ({ ...group, items: [...group.items, ferritin] })) },
  ),
};
const from = (position: number, audience: Audience = 'unblinded'): DatasetsFrom => ({
  position,
  datasets: datasets(studyOf(sinet), audience),
});

/** A subject as of a position, and as it is. */
function since(position: number, events: SubjectEvents) {
  const after = events.at();
  const known = new SubjectEvents();
  for (const { type, data } of after.events.slice(1, position + 1)) known.add(type, data as object);
  return { before: known.at(), after };
}

describe('the differences of a subject', () => {
  it('are rows with the acts that made them, and with their values before and after', () => {
    const events = new SubjectEvents()
      .enter('V_SCR', 'LB', laboratory(50))
      .correct('V_SCR', 'LB', { 'I.LB.CGA': 60 }, 'Misread')
      .enter('V_SCR', 'CS', { 'I.CS.FLUSH': 'N' })
      .correct('V_SCR', 'LB', { 'I.LB.CGA': 70 }, 'Misread')
      .enter('V_M06', 'LB', laboratory(80));
    const steps = stepsOfSubject(since(1, events), [from(1)]);
    expect(differencesOf('LB', steps)).toEqual([
      {
        dataset: 'LB',
        op: 'added',
        key: 'FR01-0001/V_M06/LB',
        row: expect.objectContaining({ CGA: 80 }),
        positions: [5],
      },
      {
        dataset: 'LB',
        op: 'changed',
        key: 'FR01-0001/V_SCR/LB',
        cells: { CGA: { old: 50, new: 70 } },
        positions: [2, 4],
      },
    ]);
    expect(differencesOf('SUBJECTS', steps)).toEqual([]);
  });

  it('are none where a value is as it was, whatever happened meanwhile', () => {
    const events = new SubjectEvents()
      .enter('V_SCR', 'LB', laboratory(50))
      .correct('V_SCR', 'LB', { 'I.LB.CGA': 60 }, 'Misread')
      .correct('V_SCR', 'LB', { 'I.LB.CGA': 50 }, 'It was right');
    expect(differencesOf('LB', stepsOfSubject(since(1, events), [from(1)]))).toEqual([]);
  });

  it('are all rows of one who was not there', () => {
    const after = new SubjectEvents().at();
    const steps = stepsOfSubject({ before: undefined, after }, [from(-1)]);
    expect(differencesOf('SUBJECTS', steps)).toMatchObject([{ op: 'added', positions: [0] }]);
  });

  it('are rows removed where the entry is', () => {
    const events = new SubjectEvents()
      .enter('V_INC', 'EN', { 'I.EN.ENDAT': '2020-01-10' })
      .correct('V_INC', 'EN', { 'I.EN.ENDAT': null }, 'Wrong subject');
    const steps = stepsOfSubject(since(1, events), [from(1)]);
    const found = differencesOf('OUTCOMES', steps).find(({ key }) => key === 'FR01-0001/OS');
    expect(found).toMatchObject({ op: 'removed', row: { STARTDT: '2020-01-10' }, positions: [2] });
  });

  it('tell the blinded no act and no row that tells the arms apart', () => {
    const events = new SubjectEvents().enter('V_SCR', 'LB', laboratory(50)).allocate('A');
    const studies = [from(0, 'blinded')];
    const steps = stepsOfSubject(since(0, events), studies);
    const all = [...studies[0]!.datasets.keys()].flatMap((name) => differencesOf(name, steps));
    expect(JSON.stringify(all)).not.toContain('2020-01-09');
    const acts = (audience: Audience) => [
      ...actsIn(from(0, audience).datasets.get('AUDIT')!, events.at()).values(),
    ];
    expect(acts('blinded').map(({ type }) => type)).toEqual(['SubjectEnrolled', 'ItemsEntered']);
    expect(acts('unblinded')).toMatchObject([{}, {}, { position: 2, type: 'ArmAllocated', by: 'ada' }]);
  });
});

describe('the differences of what is about no subject', () => {
  it('come from publications, and a new column alone makes no row another', () => {
    const relabelled = { ...sinet, forms: sinet.forms.map(withOtherWeight) };
    const later = { position: 7, datasets: datasets(studyOf(sinet, relabelled), 'unblinded') };
    expect(differencesOf('DICTIONARY', stepsOfStudy([from(0), later]))).toEqual([
      {
        dataset: 'DICTIONARY',
        op: 'changed',
        key: 'DM/WEIGHT',
        cells: { LABEL: { old: 'Weight', new: 'Body weight' } },
        positions: [7],
      },
    ]);
    const wider = { position: 7, datasets: datasets(studyOf(sinet, widened), 'unblinded') };
    const events = new SubjectEvents().enter('V_SCR', 'LB', laboratory(50));
    const steps = stepsOfSubject(since(1, events), [from(1), wider]);
    expect(wider.datasets.get('LB')!.table.columns.map(({ name }) => name)).toContain('FERRITIN');
    expect(differencesOf('LB', steps)).toEqual([]);
  });
});
