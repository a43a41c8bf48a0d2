import { describe, expect, it } from 'vitest';
import type { CasebookEvent } from '../casebook.js';
import {
  BASELINE,
  enrolment,
  enter,
  entered,
  folded,
  given,
  instant,
  KEY,
  lineage,
  place,
  reason,
  SUBJECT,
  sealed,
  value,
} from '../casebook.spec-kit.js';
import { readerOf } from '../form/reader.js';
import { eraseIdentity } from './erasure.js';
import { identityOf } from './identity.js';

const erased: CasebookEvent = { type: 'IdentityErased', data: { reason } };
const command = { subject: SUBJECT, reason };

describe('an erasure', () => {
  it('is recorded with its reason, once', () => {
    expect(given().when((casebook) => eraseIdentity(command, casebook))).toEqual([erased]);
    expect(given(erased).when((casebook) => eraseIdentity(command, casebook))).toEqual({
      refused: 'conflict',
    });
  });

  it('is known of the casebook from then on', () => {
    expect(folded([enrolment, erased]).erasedAt).toBe(instant(1));
  });

  it('leaves what does not identify to be entered', () => {
    expect(given(erased).when(enter({ items: { 'I.SEX': 'F' } }, { open: undefined }))).toMatchObject([
      { type: 'ItemsEntered' },
    ]);
  });
});

describe('what identifies a subject', () => {
  const casebook = folded([
    enrolment,
    entered({
      'I.NAME': sealed('I.NAME', 'Anna'),
      'I.BIRTH': { missing: 'refused' },
      'I.SEX': value('F'),
    }),
  ]);
  const told = (key: Uint8Array | undefined) =>
    identityOf(casebook, lineage, (form) =>
      readerOf({ identity: true, arms: true, item: () => true }, key, (path) => place(path, form)),
    );

  it('is every identifying item that holds something, opened', () => {
    const common = { ...BASELINE, enteredAt: instant(1) };
    expect(told(KEY)).toEqual([
      { ...common, item: 'I.NAME', label: 'Name', value: 'Anna', missing: null },
      { ...common, item: 'I.BIRTH', label: 'Birth', value: null, missing: 'refused' },
    ]);
  });

  it('is masked once the key is gone', () => {
    expect(told(undefined)[0]).toMatchObject({ item: 'I.NAME', value: null, masked: 'erased' });
  });
});
