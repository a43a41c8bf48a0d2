import { describe, expect, it } from 'vitest';
import { casebookView } from './casebook-view.js';
import { at, casebook, environment, verdict } from './checks.spec-kit.js';

const v1 = at('V1/FU', { DATE: '2025-03-10', WEIGHT: 70, ECOG: 1 });
const v2 = at('V2/FU', { DATE: '2025-05-10', WEIGHT: 60, ECOG: 2 });
const between = at('UNS~2/FU', { DATE: '2025-04-01', WEIGHT: 65 });
const undated = at('UNS/FU', { WEIGHT: 50 });
const dm = at('V0/DM', { WEIGHT: 80, FIRST: '2025-02-01' });

function order(form: string, ...forms: (typeof v1)[]): string[] {
  const view = casebookView(casebook(forms), environment);
  return view.all(form).map(({ facts }) => `${facts.visit}~${facts.visitRepeat}/${facts.formRepeat}`);
}

describe('the order of occurrences', () => {
  it('is that of the plan', () => {
    expect(order('FU', v2, v1)).toEqual(['V1~1/1', 'V2~1/1']);
  });

  it('is that of the plan even where dates contradict it', () => {
    const late = at('V1/FU', { DATE: '2025-12-10' });
    expect(order('FU', v2, late)).toEqual(['V1~1/1', 'V2~1/1']);
  });

  it('puts other visits in by date, and last where they have none', () => {
    const first = at('UNS~3/FU', { DATE: '2025-01-01' });
    expect(order('FU', undated, between, v2, first, v1)).toEqual([
      'UNS~3/1',
      'V1~1/1',
      'UNS~2/1',
      'V2~1/1',
      'UNS~1/1',
    ]);
  });

  it('goes by number for repeats at one visit, and by date for logs', () => {
    expect(order('LAB', at('V1/LAB~2'), at('V1/LAB'), at('V1/LAB~10'))).toEqual([
      'V1~1/1',
      'V1~1/2',
      'V1~1/10',
    ]);
    expect(order('AE', at('LOG/AE', { START: '2025-03' }), at('LOG/AE~2', { START: '2025-02-20' }))).toEqual([
      'LOG~1/2',
      'LOG~1/1',
    ]);
  });
});

describe('an expression about other forms', () => {
  it.each([
    ['the form that is planned once', "forms('DM').WEIGHT == 80.0"],
    ['the form of a visit', "forms('FU', 'V1').WEIGHT == 70.0"],
    ['the last of a visit that repeats', "forms('FU', 'UNS').WEIGHT == 50.0"],
    ['the latest', "latest('FU').WEIGHT == 50.0"],
    ['the previous', "previous('FU').WEIGHT == 65.0"],
    ['all', "all('FU').map(f, f.WEIGHT) == [70.0, 65.0, 60.0, 50.0]"],
    ['those earlier', "earlier('FU').map(f, f.WEIGHT) == [70.0, 65.0]"],
    ['whether there is one', "has(previous('FU')) && missing(latest('AE')) && size(all('AE')) == 0"],
  ])('finds %s', (_, source) => {
    expect(verdict(source, [dm, v1, between, undated, v2])).toBe(true);
  });

  it('finds nothing before the first', () => {
    expect(verdict("missing(previous('FU')) && size(earlier('FU')) == 0", [v2, v1])).toBe(true);
    expect(verdict("previous('FU').WEIGHT > 0.0", [v2, v1])).toBe('unknown');
  });

  it('compares a form with another kind by the plan, and by date outside of it', () => {
    expect(verdict("previous('FU').WEIGHT == 70.0", [v1, v2, at('V2/LAB', { DATE: '2025-01-01' })])).toBe(
      true,
    );
    expect(
      verdict("previous('FU').WEIGHT == 65.0", [v1, v2, between, at('LOG/AE', { START: '2025-04-02' })]),
    ).toBe(true);
    expect(verdict("missing(previous('FU'))", [v1, v2, at('LOG/AE')])).toBe(true);
  });

  it('works on a form that is not in the casebook yet', () => {
    const view = casebookView(casebook([v1]), environment);
    expect(view.earlier('FU', view.at(v2)).map(({ facts }) => facts.visit)).toEqual(['V1']);
  });

  it('goes through rows of its own form and of others', () => {
    const measured = (address: string, ...mm: number[]) =>
      at(address, {}, { rows: { TL: mm.map((size) => ({ MM: size, SITE: 'LIVER' })) } });
    const forms = [measured('V1/FU', 10, 20), measured('V2/FU', 15)];
    expect(verdict("sum(rows('TL').map(t, t.MM)) == 15.0", forms)).toBe(true);
    expect(verdict("rows(previous('FU'), 'TL').exists(t, t.MM == 20.0 && t.SITE == 'LIVER')", forms)).toBe(
      true,
    );
    expect(verdict("all('FU').map(f, size(rows(f, 'TL'))) == [2, 1]", forms)).toBe(true);
    expect(verdict("size(rows('TL')) == 0", [v1])).toBe(true);
    expect(verdict("size(rows(previous('FU'), 'TL')) == 0", [v1])).toBe('unknown');
  });
});
