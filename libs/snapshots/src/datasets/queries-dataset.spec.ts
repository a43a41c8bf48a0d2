import { describe, expect, it } from 'vitest';
import { recordsOf, SubjectEvents, sinet, studyOf } from '../dataset.spec-kit.js';
import { queriesDataset } from './queries-dataset.js';

const dataset = queriesDataset(studyOf(sinet));
const raised = (place: object) =>
  new SubjectEvents().add('QueryRaised', { query: 'FR01-0001-Q1', text: 'Please check', ...place });
const shown = (place: object) =>
  (['unblinded', 'blinded'] as const).map((audience) => recordsOf(dataset, raised(place), audience).length);

describe('the dataset of queries', () => {
  it('has a query of one item for whoever may see the item', () => {
    expect(shown({ visit: 'V_SCR', form: 'DM', item: 'I.DM.WEIGHT' })).toEqual([1, 1]);
    expect(shown({ visit: 'V_INC', form: 'EN', item: 'I.EN.ARM' })).toEqual([1, 0]);
    expect(shown({ visit: 'V_SCR', form: 'DM', item: 'I.DM.MRN' })).toEqual([0, 0]);
  });

  it('has a query of several items for whoever may see all of them', () => {
    const about = (...items: string[]) => ({ visit: 'V_INC', form: 'EN', item: items[0], items });
    expect(shown(about('I.EN.ENDAT', 'I.EN.ENMDT'))).toEqual([1, 1]);
    expect(shown(about('I.EN.ENDAT', 'I.EN.ARM'))).toEqual([1, 0]);
    expect(shown(about('I.EN.ENDAT', 'I.DM.MRN'))).toEqual([0, 0]);
  });

  it('has a query of a visit that only one arm has for the unblinded', () => {
    expect(shown({ visit: 'V_SURG' })).toEqual([1, 0]);
    expect(shown({ visit: 'V_SCR' })).toEqual([1, 1]);
    expect(shown({})).toEqual([1, 1]);
  });
});
