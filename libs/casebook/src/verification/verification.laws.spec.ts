import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '#problem';
import { itemPath } from '../address.js';
import type { Casebook, CasebookEvent } from '../casebook.js';
import { projectCasebook } from '../casebook.projection.js';
import {
  BASELINE,
  enrolment,
  enter,
  folded,
  reason,
  SUBJECT,
  seesAsInvestigator,
  study,
} from '../casebook.spec-kit.js';
import { verifyItems, withdrawVerification } from './verification.js';
import { verificationDue, verifiedShare } from './verification-due.js';

const facts = { study, maySee: seesAsInvestigator };
const paths = ['I.WEIGHT', 'I.SEX', 'I.NAME'];

const entry = fc
  .record({
    items: fc.record(
      {
        'I.WEIGHT': fc.constantFrom(60, 61, 300, null),
        'I.SEX': fc.constantFrom('F', 'M'),
        'I.NAME': fc.constantFrom('Anna', 'Berta'),
      },
      { requiredKeys: [] },
    ),
    complete: fc.boolean(),
    whole: fc.boolean(),
  })
  .map((body) => enter({ ...body, reason }));
const address = fc.constantFrom(...paths).map((item) => ({ ...BASELINE, item }));
const step = fc.oneof(
  entry,
  fc
    .array(address, { maxLength: 2 })
    .map(
      (items) => (casebook: Casebook) =>
        verifyItems(
          { subject: SUBJECT, items, forms: items.length === 0 ? [BASELINE] : [], visits: [] },
          casebook,
          facts,
        ),
    ),
  address.map(
    (item) => (casebook: Casebook) =>
      withdrawVerification({ subject: SUBJECT, items: [item], reason }, casebook, facts),
  ),
);

/** Refused acts leave the casebook as it is. */
function act(casebook: Casebook, decide: (casebook: Casebook) => CasebookEvent[]): CasebookEvent[] {
  try {
    return decide(casebook);
  } catch (error) {
    if (error instanceof Problem) return [];
    throw error;
  }
}

describe('whatever is entered, verified and withdrawn', () => {
  it('what is verified holds the value that was verified, and every end of a verification is in the log', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 15 }), (steps) => {
        let casebook = folded([enrolment]);
        // The model: what each verified item held when it was verified.
        const seen = new Map<string, string>();
        for (const decide of steps) {
          const events = act(casebook, decide);
          casebook = folded(events, casebook);
          const items = casebook.forms['V1/DM']?.items ?? {};
          for (const { type, data } of events) {
            if (type === 'ItemsVerified')
              for (const item of data.items)
                seen.set(itemPath(item), JSON.stringify(items[itemPath(item)]?.held));
            if (type === 'VerificationWithdrawn') for (const item of data.items) seen.delete(itemPath(item));
          }
          const verified = Object.entries(items).filter(([, item]) => item.verified);
          expect(new Map(verified.map(([path, { held }]) => [path, JSON.stringify(held)]))).toEqual(seen);
        }
      }),
    );
  });

  it('what is due and what is verified add up, and the row says the same', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 15 }), (steps) => {
        let casebook = folded([enrolment]);
        for (const decide of steps) casebook = folded(act(casebook, decide), casebook);
        const form = casebook.forms['V1/DM'];
        if (!form) return;
        const due = verificationDue(form, SUBJECT, study);
        const held = Object.values(form.items).filter((item) => item.held).length;
        expect([due.planned, due.verified + due.pending.length]).toEqual([held, held]);
        expect(verifiedShare(form, study) === 'complete').toBe(due.pending.length === 0 && held > 0);
        const rows = projectCasebook(folded([enrolment]), casebook, 'S').flatMap(({ rows }) => rows);
        expect(rows).toContainEqual(expect.objectContaining({ form: 'DM', state: form }));
      }),
    );
  });
});
