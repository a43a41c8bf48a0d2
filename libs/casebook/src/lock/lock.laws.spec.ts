import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '#problem';
import { type LockMark, type LockStep, nothingLocked, type StudyLocks } from '#study';
import { type FormAddress, formKey, itemPath } from '../address.js';
import type { Casebook, CasebookEvent } from '../casebook.js';
import {
  BASELINE,
  enrolment,
  folded,
  reason,
  SUBJECT,
  seesAsInvestigator,
  seesQueries,
} from '../casebook.spec-kit.js';
import { checkedStudy, enterChecked } from '../consequences.spec-kit.js';
import { moveQuery, type QueryStep } from '../query/query.js';
import { type SignatureScope, signData } from '../signature/signature.js';
import { hashOfSigned } from '../signature/signature-content.js';
import { changeLock } from './lock.js';
import { lockStatus } from './lock.view.js';
import { refuseLocked } from './lock-guard.js';
import type { LockPlace } from './lock-state.js';

interface Step {
  readonly name: string;
  decide(casebook: Casebook): CasebookEvent[];
  /** Where it is the study's. */
  readonly studyLocks?: StudyLocks;
}

const FU = { visit: 'FU', form: 'LB' };
const facts = { followed: checkedStudy, known: checkedStudy };

const enterStep = fc
  .record({
    form: fc.constantFrom(BASELINE, BASELINE, FU),
    weight: fc.constantFrom(70, 80, 300, null),
    sex: fc.constantFrom('F', 'M'),
    hb: fc.constantFrom(9, 12, null),
    row: fc.constantFrom('1', '2', undefined),
    complete: fc.constantFrom(true, true, false, undefined),
    hidden: fc.constantFrom(false, false, false, true),
  })
  .map(({ form, weight, sex, hb, row, complete, hidden }): Step => {
    const rows = row ? { 'IG.TL': [{ rowKey: row, items: { 'I.TLDIAM': weight } }] } : {};
    const items =
      form === FU ? { 'I.HB': hb } : hidden ? { 'I.CENTRAL': sex } : { 'I.WEIGHT': weight, 'I.SEX': sex };
    const body = {
      ...form,
      items,
      ...(form !== FU && { rows }),
      ...(complete !== undefined && { complete }),
      reason,
    };
    return {
      name: `enter ${JSON.stringify(body)}`,
      decide: enterChecked(body, hidden ? { mayEnter: () => true } : {}),
    };
  });

const place = fc.constantFrom<LockPlace>(
  {},
  { visit: 'V1' },
  BASELINE,
  FU,
  { ...BASELINE, item: 'I.WEIGHT' },
  { ...BASELINE, item: 'I.BMI' },
  { ...FU, item: 'I.RATIO' },
  { ...BASELINE, item: 'I.TLDIAM', group: 'IG.TL', row: '1' },
  { ...BASELINE, item: 'I.TLDIAM' },
);
const lockStep = fc.tuple(fc.constantFrom<LockStep>('DataFrozen', 'DataLocked'), place).map(
  ([step, place]): Step => ({
    name: `${step} ${JSON.stringify(place)}`,
    decide: (casebook) => changeLock(step, { subject: SUBJECT, ...place, reason }, casebook, facts),
  }),
);
/** Of some of those that there are: a place drawn blindly is hardly ever locked. */
const liftStep = fc.tuple(fc.constantFrom<LockStep>('DataUnfrozen', 'DataUnlocked'), fc.nat(3)).map(
  ([step, at]): Step => ({
    name: `${step} ${at}`,
    decide: (casebook) => {
      const place = Object.values(casebook.locks)[at]?.place;
      return place ? changeLock(step, { subject: SUBJECT, ...place, reason }, casebook, facts) : [];
    },
  }),
);

const mark: LockMark = { by: 'mara', at: '' };
const studyStep = fc
  .constantFrom<StudyLocks>(
    nothingLocked,
    nothingLocked,
    nothingLocked,
    nothingLocked,
    { study: { locked: mark }, sites: {} },
    { study: {}, sites: { FR01: { locked: mark } } },
    { study: {}, sites: { DE01: { locked: mark } } },
  )
  .map(
    (studyLocks): Step => ({
      name: `study ${JSON.stringify(studyLocks)}`,
      decide: () => [],
      studyLocks,
    }),
  );

const signStep = fc
  .constantFrom<SignatureScope>(
    'casebook',
    { visits: ['V1'], forms: [] },
    { visits: [], forms: [BASELINE] },
    { visits: [], forms: [FU] },
    { countersigns: `${SUBJECT}-S1` },
  )
  .map(
    (scope): Step => ({
      name: `sign ${JSON.stringify(scope)}`,
      decide: (casebook) =>
        signData({ subject: SUBJECT, scope, meaning: 'Reviewed' }, casebook, {
          ...{ ...facts, ...seesQueries, by: 'bo', name: 'Bo', sees: seesAsInvestigator },
        }),
    }),
  );

const queryStep = fc
  .tuple(fc.constantFrom<QueryStep>('QueryAnswered', 'QueryClosed', 'QueryCancelled'), fc.nat(3))
  .map(
    ([type, at]): Step => ({
      name: `${type} ${at}`,
      decide: (casebook) =>
        moveQuery(type, { query: `${SUBJECT}-Q${at + 1}`, text: 'So.' }, casebook, { shows: () => true }),
    }),
  );

const course = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: enterStep },
      { weight: 2, arbitrary: lockStep },
      { weight: 3, arbitrary: liftStep },
      { weight: 3, arbitrary: signStep },
      { weight: 1, arbitrary: queryStep },
      { weight: 1, arbitrary: studyStep },
    ),
    { minLength: 1, maxLength: 30, size: 'max' },
  )
  .map((steps) =>
    Object.assign(steps, { [fc.toStringMethod]: () => steps.map(({ name }) => name).join('\n') }),
  );

interface Act {
  readonly step: Step;
  readonly events: readonly CasebookEvent[];
  readonly before: Casebook;
  readonly after: Casebook;
  readonly studyLocks: StudyLocks;
}

/** Takes the steps as the commands do, past those that are refused; any other error is a defect. */
function acts(steps: readonly Step[]): Act[] {
  let casebook = folded([enrolment]);
  let studyLocks = nothingLocked;
  return steps.flatMap((step) => {
    studyLocks = step.studyLocks ?? studyLocks;
    try {
      const events = step.decide(casebook);
      refuseLocked(casebook, studyLocks, events);
      const before = casebook;
      casebook = folded(events, casebook);
      return [{ step, events, before, after: casebook, studyLocks }];
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return [];
    }
  });
}

/** What a casebook holds, by item, and which forms are complete. */
function heldIn({ forms }: Casebook): Map<string, { place: LockPlace; text: string }> {
  const held = new Map<string, { place: LockPlace; text: string }>();
  for (const form of Object.values(forms)) {
    const { visit, form: key, complete } = form;
    held.set(formKey(form), { place: { visit, form: key }, text: String(complete) });
    for (const state of Object.values(form.items)) {
      const { item, group, row } = state;
      const place = { visit, form: key, item, group, row };
      held.set(`${formKey(form)} ${itemPath(state)}`, {
        place,
        text: JSON.stringify([state.held, state.version]),
      });
    }
  }
  return held;
}

const reopens = (event: CasebookEvent, form: FormAddress) =>
  event.type === 'FormReopened' && formKey(event.data) === formKey(form);

/** A run that proves nothing because all was refused would pass unnoticed. */
const seen = { locked: 0, frozen: 0, valid: 0, broken: 0, refused: 0 };

describe('whatever people do', () => {
  it('changes nothing that is frozen or locked', () => {
    fc.assert(
      fc.property(course, (steps) => {
        const done = acts(steps);
        seen.refused += steps.length - done.length;
        for (const { before, after, studyLocks } of done) {
          const then = heldIn(before);
          for (const [key, { place, text }] of heldIn(after)) {
            const { frozen, locked } = lockStatus(before, studyLocks, place);
            if (!frozen && !locked) continue;
            seen.locked += Number(locked);
            seen.frozen += Number(frozen);
            expect(text).toBe(then.get(key)?.text);
          }
        }
      }),
      { numRuns: 200 },
    );
    expect(Math.min(seen.locked, seen.frozen, seen.refused)).toBeGreaterThan(100);
  });

  it('leaves a signature valid if and only if its hash is made again and none of its forms was reopened', () => {
    fc.assert(
      fc.property(course, (steps) => {
        const reopened = new Set<string>();
        for (const { events, before, after } of acts(steps)) {
          for (const { signature, forms } of Object.values(before.signatures))
            if (forms.some((form) => events.some((event) => reopens(event, form)))) reopened.add(signature);
          for (const signature of Object.values(after.signatures)) {
            seen[signature.status]++;
            const isSame = hashOfSigned(after, signature) === signature.hash;
            const holds = isSame && !reopened.has(signature.signature);
            expect([signature.signature, signature.status]).toEqual([
              signature.signature,
              holds ? 'valid' : 'broken',
            ]);
          }
        }
      }),
      { numRuns: 200 },
    );
    expect(Math.min(seen.valid, seen.broken)).toBeGreaterThan(100);
  });
});
