import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '#problem';
import type { Casebook, CasebookEvent } from '../casebook.js';
import { enrolment, folded, reason, SUBJECT, TODAY } from '../casebook.spec-kit.js';
import { allocateArm, completeSubject, failScreening, reinstateSubject, withdrawSubject } from './subject.js';
import { type SubjectStatus, takesNoNewData, withdrawalScopes } from './subject-state.js';

const today = { today: TODAY };
const dated = { subject: SUBJECT, date: TODAY, reason };
const died: CasebookEvent = { type: 'SubjectDied', data: { date: '2026-02' } };
const retracted: CasebookEvent = { type: 'DeathRetracted', data: {} };

/** What people do, and what follows from the record of death. */
const acts = {
  allocate: (casebook: Casebook) =>
    allocateArm({ ...dated, arm: 'A' }, casebook, { ...today, arms: ['A', 'B'] }),
  fail: (casebook: Casebook) => failScreening(dated, casebook, today),
  withdraw: (casebook: Casebook) => withdrawSubject(dated, casebook, today),
  complete: (casebook: Casebook) => completeSubject(dated, casebook, today),
  reinstate: (casebook: Casebook) => reinstateSubject({ subject: SUBJECT, reason }, casebook, today),
  die: ({ died: on }: Casebook) => (on ? [] : [died]),
  retract: ({ died: on }: Casebook) => (on ? [retracted] : []),
};
type Act = keyof typeof acts;

/** The machine as one would draw it: from each status, where a person's act leads. */
const drawn: Record<Exclude<SubjectStatus, 'absent'>, Partial<Record<Act, SubjectStatus>>> = {
  enrolled: { fail: 'screen-failed', withdraw: 'withdrawn', complete: 'completed' },
  'screen-failed': { reinstate: 'enrolled' },
  withdrawn: { reinstate: 'enrolled' },
  completed: { reinstate: 'enrolled' },
  dead: {},
};

function after(casebook: Casebook, act: Act): Casebook | undefined {
  try {
    return folded(acts[act](casebook), casebook);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

const endOf = ({ status, withdrawnOn, withdrawalScope, screenFailedOn, completedOn }: Casebook) => [
  ...[status, withdrawnOn, withdrawalScope],
  ...[screenFailedOn, completedOn],
];

const way = fc.array(fc.constantFrom(...(Object.keys(acts) as Act[])), { maxLength: 25 });
const walk = (
  names: readonly Act[],
  visit: (before: Casebook, act: Act, next: Casebook | undefined) => void,
) =>
  names.reduce(
    (casebook, act) => {
      const next = after(casebook, act);
      visit(casebook, act, next);
      return next ?? casebook;
    },
    folded([enrolment]),
  );

describe('the way of a subject through the study', () => {
  it('takes only the steps that are drawn, and each of them', () => {
    const taken = new Set<string>();
    fc.assert(
      fc.property(way, (names) => {
        walk(names, (before, act, next) => {
          if (act === 'allocate' || act === 'die' || act === 'retract' || before.status === 'absent') return;
          // A mistake is put right after a death, too; the death stands.
          if (before.status === 'dead' && act === 'reinstate')
            return expect(next?.status ?? 'dead').toBe('dead');
          const to = act === 'fail' && before.arm ? undefined : drawn[before.status][act];
          expect(next?.status, `${act} from ${before.status}`).toBe(to);
          if (to) taken.add(`${act} ${to}`);
        });
      }),
      { numRuns: 300 },
    );
    expect([...taken].sort()).toEqual(
      ['complete completed', 'fail screen-failed', 'reinstate enrolled', 'withdraw withdrawn'].sort(),
    );
  });

  it('is dead exactly while a death is recorded, and comes back to what it was', () => {
    fc.assert(
      fc.property(way, (names) => {
        const end = walk(names, () => {});
        const dead = folded(acts.die(end), end);
        expect(dead.status).toBe('dead');
        const back = folded(acts.retract(dead), dead);
        expect(back.died).toBeUndefined();
        if (!end.died) expect(endOf(back)).toEqual(endOf(end));
      }),
    );
  });

  it('never has two ends at once', () => {
    fc.assert(
      fc.property(way, (names) => {
        walk(names, (_, _act, next) => {
          const { withdrawnOn, screenFailedOn, completedOn } = next ?? folded([enrolment]);
          expect([withdrawnOn, screenFailedOn, completedOn].filter(Boolean).length).toBeLessThan(2);
          expect(Boolean(withdrawnOn)).toBe(next?.withdrawn ?? false);
        });
      }),
    );
  });
});

describe('the scope of a withdrawal', () => {
  it.each([...withdrawalScopes, undefined])('%s: says whether new forms are entered', (scope) => {
    const casebook = folded([
      enrolment,
      { type: 'SubjectWithdrawn', data: { date: TODAY, reason, ...(scope && { scope }) } },
    ]);
    expect(takesNoNewData(casebook)).toBe(scope !== 'visits');
    expect(casebook.withdrawalScope).toBe(scope ?? 'data');
  });
});
