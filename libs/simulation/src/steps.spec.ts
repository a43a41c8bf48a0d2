import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compile, outsideSoftRange, shippedStudies } from '#study';
import { drawCourse } from './course.js';
import { rosterOf } from './roster.js';
import type { Step } from './step.js';
import { stepsOf } from './steps.js';

const TODAY = '2026-06-15';
const study = compile(shippedStudies().find(({ study }) => study.oid === 'SINET')!, 1);

function trial(seed: string, subjects: number): Step[][] {
  return rosterOf(seed, subjects, TODAY).map((enrolment) => [
    ...stepsOf(seed, drawCourse(seed, enrolment, TODAY), study, TODAY),
  ]);
}

const bySubject = trial('steps', 150);
const steps = bySubject.flat();
const entries = steps.filter((step) => step.act === 'EnterForm');
const firsts = entries.filter((entry) => entry.whole);

describe('the steps of a trial', () => {
  it('are the same for the same seed and day, and others for another seed', () => {
    const hash = (seed: string) =>
      createHash('sha256')
        .update(JSON.stringify(trial(seed, 5)))
        .digest('hex');
    expect(hash('1')).toBe(hash('1'));
    expect(hash('1')).not.toBe(hash('2'));
  });

  it('enter each form once and change only forms that were entered', () => {
    for (const own of bySubject) {
      const entered = new Set<string>();
      for (const step of own) {
        if (step.act !== 'EnterForm') continue;
        const form = `${step.visit}/${step.form}`;
        expect(entered.has(form)).toBe(!step.whole);
        entered.add(form);
      }
    }
  });

  it('fill every form of the study', () => {
    const forms = new Set(firsts.map((entry) => entry.form.split('~')[0]));
    expect([...forms].sort()).toEqual(study.definition.forms.map((form) => form.oid).sort());
  });

  it('correct about 3 % of the values, each with a reason', () => {
    const values = firsts.reduce((sum, { items }) => sum + Object.keys(items).length, 0);
    const corrections = entries.filter((entry) => !entry.whole && entry.reason);
    const corrected = corrections.reduce((sum, { items }) => sum + Object.keys(items).length, 0);
    expect(corrected / values).toBeGreaterThan(0.01);
    expect(corrected / values).toBeLessThan(0.06);
  });

  it('leave 2 to 4 % of the items missing with a code', () => {
    const values = firsts.reduce((sum, { items }) => sum + Object.keys(items).length, 0);
    const missing = firsts.reduce((sum, { missing }) => sum + Object.keys(missing).length, 0);
    expect(missing / values).toBeGreaterThan(0.02);
    expect(missing / values).toBeLessThan(0.045);
  });

  it('bring values outside their soft range, so that edit checks ask', () => {
    const outside = firsts.filter(({ items }) =>
      Object.entries(items).some(([oid, value]) => outsideSoftRange(study.item(oid)!, value)),
    );
    expect(outside.length).toBeGreaterThan(10);
  });

  it('raise queries that end in every state', () => {
    const count = (act: Step['act']) => steps.filter((step) => step.act === act).length;
    expect(count('RaiseQuery')).toBeGreaterThan(100);
    expect(count('CloseQuery')).toBeGreaterThan(0);
    expect(count('CancelQuery')).toBeGreaterThan(0);
    expect(count('AnswerQuery')).toBeGreaterThan(count('CloseQuery'));
  });

  it('identify nobody', () => {
    const demography = firsts.filter((entry) => entry.form === 'DM');
    const identifying = new Set(demography.flatMap(({ items }) => Object.keys(items)));
    for (const item of ['NAME', 'NATID', 'PHONE', 'GP']) expect(identifying.has(`I.DM.${item}`)).toBe(false);
    for (const { items } of demography)
      expect(String(items['I.DM.MRN'] ?? 'SIM-000000')).toMatch(/^SIM-\d{6}$/);
  });
});
