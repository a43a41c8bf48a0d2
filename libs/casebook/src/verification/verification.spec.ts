import { describe, expect, it } from 'vitest';
import type { Actor } from '#event-store';
import { Problem } from '#problem';
import type { Casebook, CasebookEvent } from '../casebook.js';
import {
  BASELINE,
  change,
  course,
  enter,
  entered,
  FOLLOW_UP,
  folded,
  given,
  reason,
  SUBJECT,
  seesAsInvestigator,
  study,
  value,
} from '../casebook.spec-kit.js';
import { type VerifyItems, verifyItems, withdrawVerification } from './verification.js';

const monitor: Actor = { user: 'otto', role: 'monitor' };
const facts = { study, maySee: seesAsInvestigator };
const nothing: VerifyItems = { subject: SUBJECT, items: [], forms: [], visits: [] };
const verify = (command: Partial<VerifyItems>) => (casebook: Casebook) =>
  verifyItems({ ...nothing, ...command }, casebook, facts);

const weight = { ...BASELINE, item: 'I.WEIGHT' };
const site = { ...BASELINE, item: 'I.TLSITE', group: 'IG.TL', row: 'a' };
const baseline = entered({
  'I.SEX': value('F'),
  'I.WEIGHT': { missing: 'not-done' },
  'IG.TL/a/I.TLSITE': value('LIVER'),
});
const laboratory = entered({ 'I.HB': value(12) }, FOLLOW_UP);
const verified = (...items: object[]): CasebookEvent =>
  ({ type: 'ItemsVerified', data: { ...BASELINE, items } }) as CasebookEvent;
const weightVerified: CasebookEvent = {
  ...verified({ item: 'I.WEIGHT', version: 1 }),
  actor: monitor,
};

/** Codes by pointer. */
function faultsOf(run: () => unknown): Record<string, string> {
  try {
    run();
  } catch (error) {
    if (error instanceof Problem)
      return Object.fromEntries((error.details.errors ?? []).map(({ pointer, code }) => [pointer, code]));
    throw error;
  }
  return {};
}

describe('verifying', () => {
  it('names each item with the version that was seen, one event a form', () => {
    const items = [weight, site, { ...FOLLOW_UP, item: 'I.HB', version: 1 }];
    expect(given(baseline, laboratory).when(verify({ items }))).toEqual([
      verified({ item: 'I.WEIGHT', version: 1 }, { item: 'I.TLSITE', group: 'IG.TL', row: 'a', version: 1 }),
      { type: 'ItemsVerified', data: { ...FOLLOW_UP, items: [{ item: 'I.HB', version: 1 }] } },
    ]);
  });

  it('of a form or a visit takes what is entered there and not verified yet', () => {
    const rest = verified(
      { item: 'I.SEX', version: 1 },
      { item: 'I.TLSITE', group: 'IG.TL', row: 'a', version: 1 },
    );
    const before = given(baseline, laboratory, weightVerified);
    expect(before.when(verify({ forms: [BASELINE] }))).toEqual([rest]);
    expect(before.when(verify({ visits: ['V1'] }))).toEqual([rest]);
  });

  it('of what is verified already changes nothing', () => {
    expect(given(baseline, weightVerified).when(verify({ items: [weight] }))).toEqual([]);
  });

  it('is refused for what holds nothing, has no source, or is not known to the caller', () => {
    const casebook = folded([baseline]);
    const items = ['I.DX', 'I.BMI', 'I.CENTRAL', 'I.NONE'].map((item) => ({ ...BASELINE, item }));
    const faults = faultsOf(() =>
      verify({
        items: [...items, { ...weight, group: 'IG.TL', row: 'a' }],
        forms: [FOLLOW_UP],
        visits: ['V9'],
      })(casebook),
    );
    expect(faults).toEqual({
      '/items/0': 'nothing-entered',
      '/items/1': 'no-source',
      '/items/2': 'unknown-item',
      '/items/3': 'unknown-item',
      '/items/4': 'unknown-item',
      '/forms/0': 'nothing-entered',
      '/visits/0': 'nothing-entered',
    });
  });

  it('is refused where the value is no longer the one that was seen', () => {
    const casebook = course(
      enter({ items: { 'I.WEIGHT': 60 } }),
      enter({ items: { 'I.WEIGHT': 61 }, reason }),
    );
    const again = (version: number) => verify({ items: [{ ...weight, version }] })(casebook);
    expect(faultsOf(() => again(1))).toEqual({ '/items/0/version': 'stale' });
    expect(again(2)).toEqual([verified({ item: 'I.WEIGHT', version: 2 })]);
  });
});

describe('a verification', () => {
  it('says who and when, and leaves the form’s tag as it is', () => {
    const before = folded([baseline]).forms['V1/DM']!;
    const after = folded([baseline, weightVerified]).forms['V1/DM']!;
    expect(after.items['I.WEIGHT']?.verified).toEqual({ by: 'otto', at: '2026-03-01T08:01:00.000Z' });
    expect(after.revision).toBe(before.revision);
  });

  it('ends by itself in the act that corrects the value, and in no other', () => {
    const before = course(
      enter({ items: { 'I.WEIGHT': 60, 'I.SEX': 'F' } }),
      verify({ items: [weight, { ...BASELINE, item: 'I.SEX' }] }),
    );
    expect(enter({ items: { 'I.WEIGHT': 61 }, reason })(before)).toEqual([
      {
        type: 'ItemsCorrected',
        data: { ...BASELINE, changes: [change('I.WEIGHT', value(60), value(61))], reason },
      },
      {
        type: 'VerificationWithdrawn',
        data: { ...BASELINE, items: [{ item: 'I.WEIGHT' }] },
        actor: { system: 'verification' },
      },
    ]);
    const after = course(
      enter({ items: { 'I.WEIGHT': 60, 'I.SEX': 'F' } }),
      verify({ items: [weight, { ...BASELINE, item: 'I.SEX' }] }),
      enter({ items: { 'I.WEIGHT': 61 }, reason }),
    ).forms['V1/DM']!;
    expect([after.items['I.WEIGHT']?.verified, after.items['I.SEX']?.verified]).toEqual([
      undefined,
      expect.objectContaining({ by: expect.any(String) }),
    ]);
  });

  it('is withdrawn by a person with a reason, once', () => {
    const withdraw = (casebook: Casebook) =>
      withdrawVerification({ subject: SUBJECT, items: [weight], reason }, casebook, facts);
    const withdrawn: CasebookEvent = {
      type: 'VerificationWithdrawn',
      data: { ...BASELINE, items: [{ item: 'I.WEIGHT' }], reason },
    };
    expect(given(baseline, weightVerified).when(withdraw)).toEqual([withdrawn]);
    expect(faultsOf(() => withdraw(folded([baseline, weightVerified, withdrawn])))).toEqual({
      '/items/0': 'not-verified',
    });
  });
});
