import { describe, expect, it } from 'vitest';
import { given as givenEvents } from '#decider';
import { type Casebook, type CasebookEvent, emptyCasebook, evolve } from '../casebook.js';
import { enrolment, folded, given, reason, SUBJECT, TODAY } from '../casebook.spec-kit.js';
import {
  allocateArm,
  completeSubject,
  type EnrolmentFacts,
  enrolSubject,
  failScreening,
  reinstateSubject,
  withdrawSubject,
} from './subject.js';
import type { WithdrawalScope } from './subject-state.js';

const allocated: CasebookEvent = { type: 'ArmAllocated', data: { arm: 'A', date: '2026-01-20' } };
const crossedOver: CasebookEvent = {
  type: 'ArmCrossedOver',
  data: { from: 'A', to: 'B', date: '2026-02-01', reason },
};
const withdrawn: CasebookEvent = { type: 'SubjectWithdrawn', data: { date: '2026-02-10', reason } };
const failed: CasebookEvent = { type: 'ScreeningFailed', data: { date: '2026-02-10', reason } };
const completed: CasebookEvent = { type: 'SubjectCompleted', data: { date: '2026-02-10' } };
const reinstated: CasebookEvent = { type: 'SubjectReinstated', data: { reason } };
const died: CasebookEvent = { type: 'SubjectDied', data: { date: '2026-02' } };
const retracted: CasebookEvent = { type: 'DeathRetracted', data: {} };

describe('enrolment', () => {
  const nobody = givenEvents(evolve, emptyCasebook, []);
  const facts: EnrolmentFacts = { today: TODAY, subject: SUBJECT, siteIsOpen: true, definition: 3 };
  const enrol = (consentDate: string, own: Partial<EnrolmentFacts> = {}) =>
    nobody.when((casebook) => enrolSubject({ site: 'FR01', consentDate }, casebook, { ...facts, ...own }));

  it('opens a casebook with the date of consent, on the current definition', () => {
    expect(enrol('2026-01-15')).toEqual([
      {
        type: 'SubjectEnrolled',
        data: { site: 'FR01', subject: SUBJECT, consentDate: '2026-01-15', definition: 3 },
      },
    ]);
  });

  it('takes a consent of today, none of tomorrow', () => {
    expect(enrol(TODAY)).toHaveLength(1);
    expect(enrol('2026-03-02')).toEqual({ refused: 'invalid-value', at: ['/consentDate'] });
  });

  it.each(['2026-01', '2026', '2026-02-30', '15/01/2026', ''])(
    'takes no %j for the day of consent',
    (date) => {
      expect(enrol(date)).toEqual({ refused: 'invalid-value', at: ['/consentDate'] });
    },
  );

  it('needs an open site', () => {
    expect(enrol('2026-01-15', { siteIsOpen: false })).toEqual({ refused: 'site-closed' });
  });

  it('happens once', () => {
    expect(
      given().when((casebook) => enrolSubject({ site: 'FR01', consentDate: '2026-01-15' }, casebook, facts)),
    ).toEqual({ refused: 'already-exists' });
  });
});

describe('allocation', () => {
  const allocate =
    (arm: string, date = '2026-02-01', why?: typeof reason) =>
    (casebook: Parameters<typeof allocateArm>[1]) =>
      allocateArm({ subject: SUBJECT, arm, date, ...(why && { reason: why }) }, casebook, {
        today: TODAY,
        arms: ['A', 'B'],
      });

  it('gives the arm, and needs no reason', () => {
    expect(given().when(allocate('A'))).toEqual([
      { type: 'ArmAllocated', data: { arm: 'A', date: '2026-02-01' } },
    ]);
  });

  it('is a crossover the second time, with a reason', () => {
    expect(given(allocated).when(allocate('B', '2026-02-01', reason))).toEqual([crossedOver]);
  });

  it('is no crossover without a reason', () => {
    expect(given(allocated).when(allocate('B'))).toEqual({ refused: 'reason-required', at: ['/reason'] });
  });

  it('crosses over from the arm one is in, and may lead back', () => {
    expect(given(allocated, crossedOver).when(allocate('A', '2026-02-20', reason))).toEqual([
      { type: 'ArmCrossedOver', data: { from: 'B', to: 'A', date: '2026-02-20', reason } },
    ]);
  });

  it('refuses the arm one is in, as first allocated and after a crossover', () => {
    expect(given(allocated).when(allocate('A', '2026-02-01', reason))).toEqual({ refused: 'conflict' });
    expect(given(allocated, crossedOver).when(allocate('B', '2026-02-20', reason))).toEqual({
      refused: 'conflict',
    });
  });

  it('refuses what is no arm of the study', () => {
    for (const arm of ['C', 'a', ''])
      expect(given().when(allocate(arm))).toEqual({ refused: 'invalid-value', at: ['/arm'] });
  });

  it('takes a day until today', () => {
    expect(given().when(allocate('A', TODAY))).toHaveLength(1);
    for (const date of ['2026-03-02', '2026-02', 'soon'])
      expect(given().when(allocate('A', date))).toEqual({ refused: 'invalid-value', at: ['/date'] });
  });

  it('is refused while the subject has withdrawn', () => {
    expect(given(withdrawn).when(allocate('A'))).toEqual({ refused: 'subject-withdrawn' });
    expect(given(allocated, withdrawn).when(allocate('B', '2026-02-20', reason))).toEqual({
      refused: 'subject-withdrawn',
    });
    expect(given(withdrawn, reinstated).when(allocate('A'))).toHaveLength(1);
  });

  it('is refused after a failed screening and after completion, until that is taken back', () => {
    for (const end of [failed, completed]) {
      expect(given(end).when(allocate('A'))).toEqual({ refused: 'conflict' });
      expect(given(end, reinstated).when(allocate('A'))).toHaveLength(1);
    }
  });
});

describe('a failed screening', () => {
  const fail =
    (date = '2026-02-10') =>
    (casebook: Parameters<typeof failScreening>[1]) =>
      failScreening({ subject: SUBJECT, date, reason }, casebook, { today: TODAY });

  it('is recorded with its date and reason', () => {
    expect(given().when(fail())).toEqual([failed]);
    expect(given().when(fail('2026-03-02'))).toEqual({ refused: 'invalid-value', at: ['/date'] });
  });

  it('comes before an arm is allocated, or not at all', () => {
    expect(given(allocated).when(fail())).toEqual({ refused: 'conflict' });
  });
});

describe('completion', () => {
  const complete =
    (date = '2026-02-10') =>
    (casebook: Parameters<typeof completeSubject>[1]) =>
      completeSubject({ subject: SUBJECT, date }, casebook, { today: TODAY });

  it('is recorded with its date', () => {
    expect(given(allocated).when(complete())).toEqual([completed]);
    expect(given().when(complete('2026-02'))).toEqual({ refused: 'invalid-value', at: ['/date'] });
  });
});

describe('withdrawal', () => {
  const withdraw =
    (date = '2026-02-10') =>
    (casebook: Parameters<typeof withdrawSubject>[1]) =>
      withdrawSubject({ subject: SUBJECT, date, reason }, casebook, { today: TODAY });

  it('is recorded with its date and reason', () => {
    expect(given().when(withdraw())).toEqual([withdrawn]);
  });

  it('takes a day until today', () => {
    expect(given().when(withdraw(TODAY))).toHaveLength(1);
    for (const date of ['2026-03-02', '2026', '2026-02-29'])
      expect(given().when(withdraw(date))).toEqual({ refused: 'invalid-value', at: ['/date'] });
  });

  it('has a scope where one is said', () => {
    const command = { subject: SUBJECT, date: '2026-02-10', reason, scope: 'visits' as const };
    expect(given().when((casebook) => withdrawSubject(command, casebook, { today: TODAY }))).toEqual([
      { type: 'SubjectWithdrawn', data: { date: '2026-02-10', reason, scope: 'visits' } },
    ]);
  });

  it('happens once, and again after a reinstatement', () => {
    expect(given(withdrawn).when(withdraw())).toEqual({ refused: 'conflict' });
    expect(given(withdrawn, reinstated).when(withdraw())).toEqual([withdrawn]);
  });

  it('may come to end more than it did, from a later day on', () => {
    const widen = (scope: WithdrawalScope, date: string) => (casebook: Casebook) =>
      withdrawSubject({ subject: SUBJECT, date, reason, scope }, casebook, { today: TODAY });
    const all = {
      type: 'SubjectWithdrawn',
      data: { date: '2026-02-12', reason, scope: 'all' },
    } as CasebookEvent;
    expect(given(withdrawn).when(widen('all', '2026-02-12'))).toEqual([all]);
    expect(given(withdrawn).when(widen('all', '2026-02-09'))).toEqual({
      refused: 'invalid-value',
      at: ['/date'],
    });
    const [visits, data] = (['visits', 'data'] as const).map((scope, i) => ({
      type: 'SubjectWithdrawn',
      data: { date: `2026-02-1${i * 2}`, reason, scope },
    })) as [CasebookEvent, CasebookEvent];
    expect(given(visits, data).when(widen('all', '2026-02-11'))).toEqual({
      refused: 'invalid-value',
      at: ['/date'],
    });
    for (const scope of ['visits', 'data'] as const)
      expect(given(withdrawn).when(widen(scope, TODAY))).toEqual({ refused: 'conflict' });
    expect(given(withdrawn, all).when(widen('all', TODAY))).toEqual({ refused: 'conflict' });
    expect(given(withdrawn, died).when(widen('all', TODAY))).toEqual({ refused: 'conflict' });
    expect(folded([enrolment, withdrawn, all])).toMatchObject({
      withdrawnOn: '2026-02-10',
      withdrawalScope: 'all',
    });
    expect(
      given(withdrawn, all).when((casebook) =>
        reinstateSubject({ subject: SUBJECT, reason, consentDate: '2026-02-11' }, casebook, { today: TODAY }),
      ),
    ).toEqual({ refused: 'invalid-value', at: ['/consentDate'] });
    expect(folded([enrolment, withdrawn, all, reinstated])).not.toHaveProperty('widenedOn');
  });

  it('does not happen after death, but after a death that was retracted', () => {
    expect(given(died).when(withdraw())).toEqual({ refused: 'conflict' });
    expect(given(died, retracted).when(withdraw())).toEqual([withdrawn]);
  });
});

describe('reinstatement', () => {
  const reinstate = (casebook: Parameters<typeof reinstateSubject>[1]) =>
    reinstateSubject({ subject: SUBJECT, reason }, casebook, { today: TODAY });

  it('follows a withdrawal, a failed screening or a completion, also when a death came in between', () => {
    for (const end of [withdrawn, failed, completed]) {
      expect(given(end).when(reinstate)).toEqual([reinstated]);
      expect(given(end, died).when(reinstate)).toEqual([reinstated]);
    }
  });

  it('needs a new consent after a withdrawal from all, and after no other', () => {
    const consenting = (consentDate: string) => (casebook: Parameters<typeof reinstateSubject>[1]) =>
      reinstateSubject({ subject: SUBJECT, reason, consentDate }, casebook, { today: TODAY });
    const all = { ...withdrawn, data: { ...withdrawn.data, scope: 'all' } } as CasebookEvent;
    const at = ['/consentDate'];
    expect(given(all).when(reinstate)).toEqual({ refused: 'invalid-value', at });
    expect(given(all).when(consenting('2026-02-09'))).toEqual({ refused: 'invalid-value', at });
    expect(given(all).when(consenting('2026-03-02'))).toEqual({ refused: 'invalid-value', at });
    for (const end of [all, withdrawn, completed])
      expect(given(end).when(consenting('2026-02-10'))).toEqual([
        { type: 'SubjectReinstated', data: { reason, consentDate: '2026-02-10' } },
      ]);
    expect(given(all, reinstated, withdrawn).when(reinstate)).toEqual([reinstated]);
  });

  it('follows nothing else, and happens once', () => {
    for (const events of [[], [died], [withdrawn, reinstated]])
      expect(given(...events).when(reinstate)).toEqual({ refused: 'conflict' });
  });
});
