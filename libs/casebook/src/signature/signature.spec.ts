import { describe, expect, it } from 'vitest';
import type { CompiledItem } from '#study';
import type { Casebook, CasebookEvent } from '../casebook.js';
import {
  BASELINE,
  DEATH,
  enrolment,
  enter,
  entered,
  folded,
  given,
  reason,
  SUBJECT,
  seesAsInvestigator,
  seesQueries,
  study,
  value,
} from '../casebook.spec-kit.js';
import { type SignatureFacts, type SignatureScope, signData } from './signature.js';
import { hashOfSigned, signedContent } from './signature-content.js';
import type { SignatureGiven } from './signature-state.js';

const facts: SignatureFacts = {
  ...{ by: 'anna', name: 'Anna', followed: study, known: study, sees: seesAsInvestigator },
  ...seesQueries,
};
const completed = (form = BASELINE): CasebookEvent => ({ type: 'FormCompleted', data: form });
const sign =
  (scope: SignatureScope, own: Partial<SignatureFacts> = {}) =>
  (casebook: Casebook) =>
    signData({ subject: SUBJECT, scope, meaning: 'Reviewed' }, casebook, { ...facts, ...own });
const forms = (...addresses: (typeof BASELINE)[]): SignatureScope => ({ visits: [], forms: addresses });

const baseline = [entered({ 'I.SEX': value('F'), 'I.WEIGHT': value(70) }), completed()];
const death = [entered({ 'I.DTH': value('2026-02') }, DEATH), completed(DEATH)];

/** The casebook after a baseline that the investigator signed. */
const signed = (...more: CasebookEvent[]) => {
  const casebook = folded([enrolment, ...baseline, ...more]);
  return folded(sign('casebook')(casebook), casebook);
};
const next = (casebook: Casebook, decide: (casebook: Casebook) => CasebookEvent[]) =>
  folded(decide(casebook), casebook);
const statusOf = ({ signatures }: Casebook) => Object.values(signatures).map(({ status }) => status);
const given1 = (events: CasebookEvent[] | { refused: string }) =>
  (events as CasebookEvent[])[0]!.data as SignatureGiven;

describe('signing', () => {
  it('covers the complete forms of the scope, as they are', () => {
    const events = given(...baseline, ...death).when(sign('casebook'));
    expect(events).toEqual([
      {
        type: 'SignatureGiven',
        data: {
          signature: `${SUBJECT}-S1`,
          name: 'Anna',
          meaning: 'Reviewed',
          forms: [
            { ...BASELINE, revision: 2 },
            { ...DEATH, revision: 4 },
          ],
          items: expect.arrayContaining(['I.SEX', 'I.TLDIAM', 'I.DTH']),
          definition: 1,
          hash: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
          openQueries: 0,
        },
      },
    ]);
    const one = given1(given(...baseline, ...death).when(sign(forms(DEATH))));
    expect(one.forms).toEqual([{ ...DEATH, revision: 4 }]);
    const visit = given1(given(...baseline, ...death).when(sign({ visits: ['V1'], forms: [] })));
    expect(visit.forms).toHaveLength(2);
  });

  it('does not cover what the signer cannot see', () => {
    const { items } = given1(given(...baseline).when(sign('casebook')));
    expect(items).not.toContain('I.CENTRAL');
    const blind = { sees: ({ oid }: CompiledItem) => oid === 'I.DTH' };
    expect(given1(given(...baseline, ...death).when(sign('casebook', blind)))).toMatchObject({
      forms: [DEATH],
      items: ['I.DTH'],
    });
    expect(given(...baseline).when(sign(forms(BASELINE), blind))).toEqual({ refused: 'not-found' });
  });

  it('is refused while a form is not complete, with its place', () => {
    const incomplete = [...baseline, death[0]!];
    expect(given(...incomplete).when(sign('casebook'))).toEqual({ refused: 'conflict', at: ['/scope'] });
    expect(given(...incomplete).when(sign({ visits: ['V1'], forms: [] }))).toMatchObject({
      refused: 'conflict',
    });
    expect(given(...incomplete).when(sign(forms(DEATH)))).toMatchObject({ refused: 'conflict' });
    expect(given1(given(...incomplete).when(sign(forms(BASELINE)))).forms).toHaveLength(1);
  });

  it('needs something that is entered', () => {
    expect(given().when(sign('casebook'))).toEqual({ refused: 'conflict' });
    expect(given(...baseline).when(sign(forms(DEATH)))).toEqual({ refused: 'not-found' });
    expect(given(...baseline).when(sign({ visits: ['FU'], forms: [] }))).toEqual({ refused: 'not-found' });
  });

  it('counts the queries that stand open in what is signed', () => {
    const query: CasebookEvent = {
      type: 'QueryRaised',
      data: { ...BASELINE, query: `${SUBJECT}-Q1`, text: 'Sure?' },
    };
    expect(given1(given(...baseline, query).when(sign('casebook'))).openQueries).toBe(1);
    expect(given1(given(...baseline, ...death, query).when(sign(forms(DEATH)))).openQueries).toBe(0);
  });

  it('confirms another signature as long as that holds', () => {
    const other = { by: 'bo', name: 'Bo' };
    const twice = next(signed(), sign({ countersigns: `${SUBJECT}-S1` }, other));
    const [first, second] = Object.values(twice.signatures);
    expect(second).toMatchObject({ countersigns: `${SUBJECT}-S1`, forms: first!.forms, hash: first!.hash });
    const broken = next(signed(), enter({ items: { 'I.WEIGHT': 71 }, reason }));
    expect(() => sign({ countersigns: `${SUBJECT}-S1` })(signed())).toThrow('another person');
    expect(() => sign({ countersigns: `${SUBJECT}-S2` })(twice)).toThrow('confirms one of yours');
    expect(
      next(twice, sign({ countersigns: `${SUBJECT}-S2` }, { by: 'cy', name: 'Cy' })).signatures,
    ).toHaveProperty(`${SUBJECT}-S3`);
    expect(() => sign({ countersigns: `${SUBJECT}-S1` }, other)(broken)).toThrow('broken');
    expect(() => sign({ countersigns: `${SUBJECT}-S9` })(broken)).toThrow('no such signature');
  });
});

describe('a signature', () => {
  it.each([
    ['a correction', enter({ items: { 'I.WEIGHT': 71 }, reason }), ['I.WEIGHT']],
    ['an entry where nothing was', enter({ items: { 'I.DX': '2026-01' } }), ['I.DX']],
    [
      'a new row',
      enter({ rows: { 'IG.TL': [{ rowKey: '1', items: { 'I.TLSITE': 'LIVER' } }] } }),
      ['I.TLSITE'],
    ],
    ['reopening the form', enter({ complete: false }), []],
  ])('is broken for good by %s', (_, decide, items) => {
    const casebook = next(signed(), decide);
    expect(Object.values(casebook.signatures)).toMatchObject([
      { status: 'broken', broken: { by: 'anna', changed: [{ ...BASELINE, items }] } },
    ]);
    const back = next(casebook, enter({ items: { 'I.WEIGHT': 70, 'I.DX': null }, complete: true, reason }));
    expect(statusOf(back)).toEqual(['broken']);
  });

  it('is not broken by what it does not cover', () => {
    const another = next(signed(), enter({ ...DEATH, items: { 'I.DTH': '2026-02' } }));
    expect(statusOf(another)).toEqual(['valid']);
    const hidden = next(
      signed(),
      enter(
        { items: { 'I.CENTRAL': 'yes' } },
        { actor: { user: 'eve', role: 'data-manager' }, mayEnter: () => true },
      ),
    );
    expect(hidden.forms['V1/DM']!.items['I.CENTRAL']!.held).toEqual(value('yes'));
    expect(statusOf(hidden)).toEqual(['valid']);
  });

  it('is broken once, and alone', () => {
    const both = next(signed(...death), sign(forms(DEATH)));
    const once = next(both, enter({ items: { 'I.WEIGHT': 71 }, reason }));
    expect(statusOf(once)).toEqual(['broken', 'valid']);
    const { broken } = once.signatures[`${SUBJECT}-S1`]!;
    const twice = next(once, enter({ items: { 'I.WEIGHT': 72 }, reason }));
    expect(twice.signatures[`${SUBJECT}-S1`]!.broken).toEqual(broken);
  });
});

describe('what is signed', () => {
  it('is the forms with what they hold, in the order of their keys', () => {
    const casebook = signed(...death);
    const signature = { forms: [DEATH, BASELINE], items: ['I.SEX', 'I.DTH'], definition: 1 };
    expect(signedContent(casebook, signature)).toEqual({
      subject: SUBJECT,
      definition: 1,
      forms: [
        {
          ...DEATH,
          complete: true,
          items: [{ item: 'I.DTH', version: 1, definition: 1, held: value('2026-02') }],
        },
        {
          ...BASELINE,
          complete: true,
          items: [{ item: 'I.SEX', version: 1, definition: 1, held: value('F') }],
        },
      ],
    });
  });

  it('has the hash that the signature tells, and no other once it changed', () => {
    const casebook = signed(...death);
    const signature = casebook.signatures[`${SUBJECT}-S1`]!;
    expect(hashOfSigned(casebook, signature)).toBe(signature.hash);
    const corrected = next(casebook, enter({ items: { 'I.WEIGHT': 71 }, reason }));
    expect(hashOfSigned(corrected, signature)).not.toBe(signature.hash);
    expect(hashOfSigned(corrected, { ...signature, forms: [DEATH] })).toBe(
      hashOfSigned(casebook, { ...signature, forms: [DEATH] }),
    );
  });
});
