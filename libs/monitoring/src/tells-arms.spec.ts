import { describe, expect, it } from 'vitest';
import { compile, Lineage, shippedStudies } from '#study';
import { tellingArms } from './tells-arms.js';

const [sinet] = shippedStudies();
const telling = (...definitions: NonNullable<typeof sinet>[]) => {
  const versions = definitions.map((definition, i) => compile(definition, i + 1));
  return tellingArms(versions, new Lineage(versions));
};

describe('what tells the arms of siNET apart', () => {
  it('is the operation, what is counted from it, and the forms that only its subjects have', () => {
    expect(telling(sinet!)).toEqual({
      visits: ['V_SURG', 'V_POD30', 'V_POD90'],
      forms: expect.arrayContaining(['SU', 'PO']),
    });
    expect(telling(sinet!).forms).not.toContain('FU');
  });

  it('stays told where a later version plans the visit for every arm', () => {
    const later = structuredClone(sinet!);
    delete later.visits.find(({ oid }) => oid === 'V_SURG')!.target!.arms;
    expect(telling(sinet!, later).visits).toContain('V_SURG');
  });
});
