import { describe, expect, it } from 'vitest';
import { compile, shippedStudies } from '#study';
import { study } from '../casebook.spec-kit.js';
import { canonicalAddress, plannedForm } from './plan.js';

describe('the form planned at an address', () => {
  it.each([
    ['V1', 'DM'],
    ['V1~1', 'DM~1'],
    ['FU', 'LB'],
    ['FU~3', 'LB'],
    ['LOG', 'AE~999'],
  ])('%s/%s', (visit, form) => {
    expect(plannedForm(study, { visit, form })).toBe(study.form(form.replace(/~.*/, '')));
  });

  it.each([
    ['of an unknown visit', 'V9', 'DM'],
    ['of an unknown form', 'V1', 'XX'],
    ['of another visit', 'V1', 'LB'],
    ['of a repeat of a visit that does not repeat', 'V1~2', 'DM'],
    ['of a repeat of a form that does not repeat', 'FU~2', 'LB~2'],
    ['of no repeat', 'FU~0', 'LB'],
    ['of a repeat past the last', 'FU~1000', 'LB'],
    ['of a repeat that is no number', 'LOG', 'AE~x'],
    ['of an empty address', '', ''],
    ['of a name that objects have', 'constructor', '__proto__'],
  ])('is none %s', (_, visit, form) => {
    expect(() => plannedForm(study, { visit, form })).toThrow(expect.objectContaining({ code: 'not-found' }));
  });

  it('is there for every form of every visit of siNET', () => {
    const sinet = compile(shippedStudies().find(({ study }) => study.oid === 'SINET')!, 1);
    const planned = sinet.definition.visits.flatMap(({ oid, forms }) =>
      forms.map((form) => plannedForm(sinet, { visit: oid, form }).oid),
    );
    expect(planned).toEqual(sinet.definition.visits.flatMap(({ forms }) => forms));
    expect(planned.length).toBeGreaterThan(50);
  });
});

describe('an address', () => {
  it('is stored without the repeat 1', () => {
    expect(canonicalAddress({ visit: 'FU~1', form: 'LB~1' })).toEqual({ visit: 'FU', form: 'LB' });
    expect(canonicalAddress({ visit: 'FU~2', form: 'LB' })).toEqual({ visit: 'FU~2', form: 'LB' });
  });

  it('is none where visit or form is no key', () => {
    for (const address of [
      { visit: 'FU~01', form: 'LB' },
      { visit: 'FU', form: 'LB/1' },
      { visit: '', form: 'LB' },
    ])
      expect(canonicalAddress(address)).toBeUndefined();
  });
});
