import { describe, expect, it } from 'vitest';
import type { FormFacts } from './facts.js';
import { checks, definition, derive, form, partly, says } from './sinet.spec-kit.js';

/** Forms given, the last of them checked; those of `open` leave the check undecided. */
interface Examples {
  readonly fires: readonly (readonly FormFacts[])[];
  readonly quiet: readonly (readonly FormFacts[])[];
  readonly open?: readonly (readonly FormFacts[])[];
}

const male = form('DM', { SEX: 'M', AGE: 60, WEIGHT: 80, ECOG: 0, BIRTHDT: '1960-05' });
const young = form('DM', { SEX: 'F', AGE: 40, WEIGHT: 60, ECOG: 1 });
const older = form('DM', { SEX: 'F', AGE: 50 });
const eligible = form('EL', { ELIGYN: 'Y' });
const armA = form('EN', { ENDAT: '2025-01-10', ARM: 'A' });
const armB = form('EN', { ENDAT: '2025-01-10', ARM: 'B' });
const surgery = form('SU', { SUDAT: '2025-02-10', SUTYPE: 'PLANNED_A' });
const death = (DTHDAT: string) => form('DD', { DTHDAT, DTHCAUSE_S: 'SINET' });
const visit = (address: string, items: FormFacts['items']) => form(`${address}/FU`, items);
const month6 = visit('V_M06', {
  FUDAT: '2025-07-10',
  VSTAT: 'ALIVE',
  LASTALIVE: '2025-07-10',
  WEIGHT: 80,
  ECOG: 0,
});

const examples: Readonly<Record<string, Examples>> = {
  C03: {
    fires: [[form('DX', { GRADE: 'G1', KI67: 8, MITO: 1, GRADED: 'G2' })]],
    quiet: [[form('DX', { GRADE: 'G2', GRADED: 'G2' })]],
    open: [[form('DX', { GRADE: 'G2' })]],
  },
  'C04.MORPH': {
    fires: [[form('DX', { MORPH: '8240/3', GRADE: 'G2' })], [form('DX', { MORPH: '8249/3', GRADE: 'G1' })]],
    quiet: [
      [form('DX', { MORPH: '8240/3', GRADE: 'G1' })],
      [form('DX', { MORPH: '8249/3', GRADE: 'G3' })],
      [form('DX', { MORPH: '8241/3', GRADE: 'G2' })],
    ],
  },
  'C04.NEC': {
    fires: [[form('DX', { MORPH: '8246/3' })], [form('DX', { MORPH: '8240/3', DIFF: 'POOR' })]],
    quiet: [[form('DX', { MORPH: '8240/3', DIFF: 'WELL' })]],
  },
  'C05.LIVER': { fires: [[form('DX', { CT_M: 'M1b' })]], quiet: [[form('DX', { CT_M: 'M1c' })]] },
  'C05.M1A': {
    fires: [[form('DX', { CT_M: 'M1a', EXHEP: ['BONE'] })]],
    quiet: [[form('DX', { CT_M: 'M1c', EXHEP: ['BONE'] })]],
    open: [[form('DX', { CT_M: 'M1a' })]],
  },
  'C05.EXHEP': {
    fires: [[form('DX', { CT_M: 'M1c' })]],
    quiet: [
      [form('DX', { CT_M: 'M1c', EXHEP: ['BONE'] })],
      [form('DX', { CT_M: 'M1c', EXHEP: { missing: 'unknown' } })],
      [partly('DX', { CT_M: 'M1c' })],
    ],
  },
  'C06.SIZE': {
    fires: [[form('DX', { MESMASS: 'Y' })]],
    quiet: [[form('DX', { MESMASS: 'Y', MESSIZE: 15 })], [form('DX', { MESMASS: 'N' })]],
  },
  'C06.N2': {
    fires: [[form('DX', { MESSIZE: 25, CT_N: 'N1' })]],
    quiet: [[form('DX', { MESSIZE: 20, CT_N: 'N1' })], [form('DX', { MESSIZE: 25, CT_N: 'N2' })]],
  },
  'C07.NODES': {
    fires: [[form('PT', { PT_LNEX: 8, PT_LNPOS: 9 })]],
    quiet: [[form('PT', { PT_LNEX: 8, PT_LNPOS: 8 })]],
  },
  'C07.N2': {
    fires: [[form('DX', { CT_N: 'N1' }), form('PT', { PT_LNPOS: 12 })]],
    quiet: [
      [form('DX', { CT_N: 'N1' }), form('PT', { PT_LNPOS: 11 })],
      [form('DX', { CT_N: 'N2' }), form('PT', { PT_LNPOS: 12 })],
    ],
    open: [[form('PT', { PT_LNPOS: 12 })]],
  },
  'C08.SUM': {
    fires: [[form('IM', { SUMD: 30 }, { TL: [{ TLDIAM: 10 }, { TLDIAM: 25 }] })]],
    quiet: [[form('IM', { SUMD: 35.2 }, { TL: [{ TLDIAM: 10.1 }, { TLDIAM: 25.1 }] })]],
    open: [[form('IM', { SUMD: 30 }, { TL: [{ TLDIAM: { missing: 'not-done' } }] })]],
  },
  'C08.RECIST': {
    fires: [[form('IM', { RECIST: 'SD', RECISTD: 'PD' })]],
    quiet: [[form('IM', { RECIST: 'PD', RECISTD: 'PD' })]],
    open: [[form('IM', { RECIST: 'SD' })]],
  },
  'C09.FATAL': {
    fires: [[form('AE', { AEGR: 5, AEOUT: 'RECOV' })], [form('AE', { AEGR: 4, AEOUT: 'FATAL' })]],
    quiet: [[form('AE', { AEGR: 5, AEOUT: 'FATAL' })], [form('AE', { AEGR: 2, AEOUT: 'RECOV' })]],
  },
  'C09.SERIOUS': {
    fires: [
      [form('AE', { AEOUT: 'FATAL', AESER: 'N' })],
      [form('AE', { AEOUT: 'FATAL', AESER: 'Y', AESERCR: ['HOSP'] })],
      [form('AE', { AEOUT: 'FATAL', AESER: 'Y' })],
    ],
    quiet: [
      [form('AE', { AEOUT: 'FATAL', AESER: 'Y', AESERCR: ['HOSP', 'DEATH'] })],
      [form('AE', { AEOUT: 'RECOV', AESER: 'N' })],
    ],
    open: [[partly('AE', { AEOUT: 'FATAL', AESER: 'Y' })]],
  },
  'C10.ONGOING': {
    fires: [[form('TX', { TXONGO: 'Y', TXENDT: '2025' })]],
    quiet: [[form('TX', { TXONGO: 'Y' })], [form('TX', { TXONGO: 'N', TXENDT: '2025' })]],
  },
  'C10.ENDED': {
    fires: [[form('TX', { TXONGO: 'N' })]],
    quiet: [[form('TX', { TXONGO: 'N', TXENDT: { missing: 'unknown' } })], [partly('TX', { TXONGO: 'N' })]],
  },
  'C10.ORDER': {
    fires: [[form('TX', { TXSTDT: '2025-03', TXENDT: '2025-02' })]],
    quiet: [[form('TX', { TXSTDT: '2025-03-10', TXENDT: '2025-03-10' })]],
    open: [[form('TX', { TXSTDT: '2025-03', TXENDT: '2025' })]],
  },
  'C11.DEAD': {
    fires: [[form('PO', { POSTAT: 'ALIVE' }, { COMP: [{ CLAVIEN: 'II' }, { CLAVIEN: 'V' }] })]],
    quiet: [
      [form('PO', { POSTAT: 'DEAD' }, { COMP: [{ CLAVIEN: 'V' }] })],
      [form('PO', { POSTAT: 'ALIVE' }, { COMP: [{ CLAVIEN: 'IVa' }] })],
      [form('PO', { POSTAT: 'ALIVE' })],
    ],
  },
  'C11.MAX': {
    fires: [[form('PO', { CDMAX: 'II' }, { COMP: [{ CLAVIEN: 'II' }, { CLAVIEN: 'IIIa' }] })]],
    quiet: [[form('PO', { CDMAX: 'IIIa' }, { COMP: [{ CLAVIEN: 'II' }, { CLAVIEN: 'IIIa' }] })]],
    open: [[form('PO', { CDMAX: 'II' })]],
  },
  'C12.SYNDROME': {
    fires: [[form('CS', { CSYN: 'Y', STOOLS: 4 })]],
    quiet: [[form('CS', { CSYN: 'Y', STOOLS: 4, FLUSH: 0 })], [form('CS', { CSYN: 'N' })]],
  },
  'C12.PPI': {
    fires: [[form('LB', { CGA: 250, CGAULN: 100, PPI: 'Y' })]],
    quiet: [
      [form('LB', { CGA: 250, CGAULN: 100, PPI: 'N' })],
      [form('LB', { CGA: 200, CGAULN: 100, PPI: 'Y' })],
    ],
  },
  'C13.DX': {
    fires: [
      [male, form('DX', { DXDAT: '1960-05-01' })],
      [male, form('DX', { DXDAT: '1959' })],
    ],
    quiet: [[male, form('DX', { DXDAT: '2024' })]],
    open: [[male, form('DX', { DXDAT: '1960' })], [form('DX', { DXDAT: '1960' })]],
  },
  'C13.IC': {
    fires: [[form('DX', { DXDAT: '2025-03' }), form('IC', { ICDAT: '2025-02-28' })]],
    quiet: [[form('DX', { DXDAT: '2025-02' }), form('IC', { ICDAT: '2025-02-28' })]],
    open: [[form('DX', { DXDAT: '2025' }), form('IC', { ICDAT: '2025-02-28' })]],
  },
  'C13.EN': {
    fires: [[form('IC', { ICDAT: '2025-01-11' }), armA]],
    quiet: [[form('IC', { ICDAT: '2025-01-10' }), armA]],
  },
  'C13.SU': { fires: [[armA, form('SU', { SUDAT: '2025-01-09' })]], quiet: [[armA, surgery]] },
  'C13.PO': {
    fires: [[surgery, form('PO', { PODAT: '2025-02-09' })]],
    quiet: [[surgery, form('PO', { PODAT: '2025-03-12' })]],
  },
  C14: {
    fires: [[form('EL', { ELIGYN: 'N' }), armA]],
    quiet: [[eligible, armA], [form('EL', { ELIGYN: 'N', ELWAIVER: 'Y' }), armA], [form('EN', {})]],
  },
  'C15.SURGERY': {
    fires: [[armA]],
    quiet: [[surgery, armA], [armB], [form('EN', { ARM: 'A', ENDAT: '2025-12-01' })]],
  },
  'C15.PLANNED': {
    fires: [[armB, surgery]],
    quiet: [
      [armA, surgery],
      [armB, form('SU', { SUTYPE: 'CROSSOVER' })],
    ],
  },
  'C16.EMERGENCY': {
    fires: [[visit('V_M06', { EMSURG: 'Y' })], [surgery, visit('V_M06', { EMSURG: 'Y' })]],
    quiet: [
      [form('SU', { SUTYPE: 'EMERGENCY' }), visit('V_M06', { EMSURG: 'Y' })],
      [visit('V_M06', { EMSURG: 'N' })],
    ],
    open: [[form('SU', {}), visit('V_M06', { EMSURG: 'Y' })]],
  },
  'C16.CROSSOVER': {
    fires: [[surgery, visit('V_M06', { CROSS: 'Y' })]],
    quiet: [[form('SU', { SUTYPE: 'CROSSOVER' }), visit('V_M06', { CROSS: 'Y' })]],
  },
  C17: {
    fires: [
      [armA, visit('V_M06', { NEWTX: 'Y' })],
      [armA, form('TX', { TXSTDT: '2025-02' }), month6, visit('V_M12', { NEWTX: 'Y' })],
    ],
    quiet: [
      [armA, form('TX', { TXSTDT: '2025-02' }), visit('V_M06', { NEWTX: 'Y' })],
      [armA, form('TX', { TXSTDT: '2025-09' }), month6, visit('V_M12', { NEWTX: 'Y' })],
      [armA, visit('V_M06', { NEWTX: 'N' })],
    ],
    open: [[armA, form('TX', { TXSTDT: '2025-07' }), month6, visit('V_M12', { NEWTX: 'Y' })]],
  },
  C18: {
    fires: [[form('IM', { IMMOD: 'SSTRPET', TRACER: 'GA68TOC' })]],
    quiet: [[form('IM', { IMMOD: 'SSTRPET', TRACER: 'GA68TOC', KRENN: 3 })], [form('IM', { IMMOD: 'CT' })]],
  },
  'C19.ES': {
    fires: [[form('ES', { ESREAS: 'DEATH' })]],
    quiet: [[death('2025-05'), form('ES', { ESREAS: 'DEATH' })], [form('ES', { ESREAS: 'LOST' })]],
  },
  'C19.DD': {
    fires: [[form('ES', { ESREAS: 'LOST' }), death('2025-05')]],
    quiet: [[form('ES', { ESREAS: 'DEATH' }), death('2025-05')]],
  },
  'C19.FU': {
    fires: [[visit('V_M06', { VSTAT: 'DEAD' })]],
    quiet: [[death('2025-05'), visit('V_M06', { VSTAT: 'DEAD' })], [month6]],
  },
  'C19.PO': {
    fires: [[form('PO', { POSTAT: 'DEAD' })]],
    quiet: [[form('COMMON/DD', { DTHDAT: '2025' }), form('PO', { POSTAT: 'DEAD' })]],
  },
  'C19.AE': {
    fires: [[form('AE', { AEOUT: 'FATAL' })]],
    quiet: [[death('2025'), form('AE', { AEOUT: 'FATAL' })], [form('AE', { AEOUT: 'RECOV' })]],
  },
  'C19.ALIVE': {
    fires: [[month6, death('2025-12')]],
    quiet: [
      [visit('V_M12', { VSTAT: 'DEAD' }), death('2025-12')],
      [form('PO', { POSTAT: 'DEAD' }), death('2025-12')],
      [form('ES', { ESREAS: 'DEATH' }), death('2025-12')],
    ],
  },
  C20: {
    fires: [
      [surgery, death('2025-03')],
      [surgery, death('2025-05-11')],
    ],
    quiet: [
      [surgery, form('DD', { DTHDAT: '2025-03-02', DTHCAUSE_S: 'POSTOP' })],
      [surgery, death('2025-05-12')],
      [surgery, death('2026')],
    ],
    open: [[surgery, death('2025-05')], [death('2025-03')]],
  },
  C21: {
    fires: [
      [young, form('EL', {})],
      [young, form('EL', { E07: { missing: 'not-applicable' } })],
    ],
    quiet: [
      [young, form('EL', { E07: 'N' })],
      [male, form('EL', {})],
      [young, partly('EL', {})],
    ],
  },
  'C22.FU': {
    fires: [[death('2025-06'), month6]],
    quiet: [
      [death('2025-08'), month6],
      [death('2025-06'), visit('V_M06', { FUDAT: '2025-07-10', VSTAT: 'DEAD' })],
    ],
    open: [[death('2025-07'), month6]],
  },
  'C22.LB': {
    fires: [[death('2025-06'), form('LB', { LBDAT: '2025-07-01' })]],
    quiet: [[death('2025-06'), form('LB', { LBDAT: '2025-06-01' })], [form('LB', { LBDAT: '2025-06-01' })]],
  },
  'C22.IM': {
    fires: [[death('2025-06'), form('IM', { IMDAT: '2025-07-01' })]],
    quiet: [[death('2025-06-30'), form('IM', { IMDAT: '2025-06-30' })]],
  },
  'C22.CS': {
    fires: [[death('2025'), form('CS', { CHDDAT: '2026-01-01' })]],
    quiet: [[death('2025-06-30'), form('CS', { CHDDAT: '2025-06-30' })]],
  },
  'C22.QL': {
    fires: [[death('2025-06'), form('QL', { QLDAT: '2025-07-01' })]],
    quiet: [[death('2025-06-30'), form('QL', { QLDAT: '2025-06-30' })]],
  },
  'C22.EN': { fires: [[death('2024-12'), armA]], quiet: [[death('2025-02'), armA]] },
  'C22.SU': { fires: [[death('2025-01'), surgery]], quiet: [[death('2025-03'), surgery]] },
  'C22.PO': {
    fires: [[death('2025-01'), form('PO', { POSTAT: 'ALIVE', PODAT: '2025-03-10' })]],
    quiet: [[death('2025-01'), form('PO', { POSTAT: 'DEAD', PODAT: '2025-03-10' })]],
  },
  'C22.TX': {
    fires: [
      [death('2025-06'), form('TX', { TXSTDT: '2025-07' })],
      [death('2025-06'), form('TX', { TXSTDT: '2025-01', TXENDT: '2025-07' })],
    ],
    quiet: [[death('2025-06-15'), form('TX', { TXSTDT: '2025-01', TXENDT: '2025-06-15' })]],
    open: [[death('2025-06-15'), form('TX', { TXSTDT: '2025-01', TXENDT: '2025-06' })]],
  },
  'C22.AE': {
    fires: [[death('2025-06'), form('AE', { AESTDT: '2025-07' })]],
    quiet: [[death('2025-06'), form('AE', { AESTDT: '2025-05', AEENDT: '2025-05-20' })]],
  },
  'C23.BACK': {
    fires: [[month6, visit('V_M12', { LASTALIVE: '2025-07-09' })]],
    quiet: [[month6, visit('V_M12', { LASTALIVE: '2025-07-10' })], [month6]],
  },
  'C23.SEEN': {
    fires: [
      [visit('V_M06', { VSTAT: 'ALIVE', FUDAT: '2025-07-10', LASTALIVE: '2025-07-09' })],
      [month6, visit('V_M12', { VSTAT: 'UNK', FUDAT: '2026-01-10', LASTALIVE: '2025-07-01' })],
    ],
    quiet: [
      [month6, visit('V_M12', { VSTAT: 'UNK', FUDAT: '2026-01-10', LASTALIVE: '2025-07-10' })],
      [month6],
    ],
  },
  'C23.ES': {
    fires: [[month6, form('ES', { ESLASTALIVE: '2025-07-09' })]],
    quiet: [[month6, form('ES', { ESLASTALIVE: '2025-07-10' })]],
  },
  C24: {
    fires: [
      [male, visit('V_M06', { WEIGHT: 67.9 })],
      [male, month6, visit('V_M12', {}), visit('V_M18', { WEIGHT: 95 })],
    ],
    quiet: [
      [male, visit('V_M06', { WEIGHT: 68.1 })],
      [young, visit('V_M06', { WEIGHT: 68 }), visit('V_M12', { WEIGHT: 75 })],
    ],
    open: [[visit('V_M06', { WEIGHT: 68 })], [male, visit('V_M06', {})]],
  },
  C25: {
    fires: [
      [form('LB', { CGA: 100 }), form('V_M06/LB', { CGA: 1001 })],
      [form('LB', { CGA: 100, CGAU: 'ng/mL' }), form('V_SCR/LB~2', { CGA: 9.9, CGAU: 'ng/mL' })],
    ],
    quiet: [
      [form('LB', { CGA: 100 }), form('V_M06/LB', { CGA: 1000 })],
      [form('LB', { CGA: 100, CGAU: 'ng/mL' }), form('V_M06/LB', { CGA: 2, CGAU: 'nmol/L' })],
    ],
    open: [[form('LB', { CGA: 100 })]],
  },
  'C26.FU': {
    fires: [
      [armA, visit('V_M06', { FUDAT: '2025-05-30' })],
      [armA, visit('V_M06', { FUDAT: '2025-08-24' })],
    ],
    quiet: [
      [armA, visit('V_M06', { FUDAT: '2025-05-31' })],
      [armA, visit('V_M06', { FUDAT: '2025-08-23' })],
    ],
    open: [[armA, visit('V_UNS', { FUDAT: '2025-05-30' })]],
  },
  'C26.PO': {
    fires: [[surgery, form('PO', { PODAT: '2025-03-20' })]],
    quiet: [
      [surgery, form('PO', { PODAT: '2025-03-19' })],
      [surgery, form('V_POD90/PO', { PODAT: '2025-05-20' })],
    ],
  },
  'C26.SU': {
    fires: [[armA, form('SU', { SUDAT: '2025-05-11' })]],
    quiet: [
      [armA, form('SU', { SUDAT: '2025-05-10' })],
      [armB, form('SU', { SUDAT: '2025-12-11' })],
    ],
  },
  'C26.DUPLICATE': {
    fires: [[month6, visit('V_M12', { FUDAT: '2025-07-10' })]],
    quiet: [[month6, visit('V_M12', { FUDAT: '2025-07-11' })]],
  },
  'C26.ORDER': {
    fires: [[month6, visit('V_M12', { FUDAT: '2025-07-09' })]],
    quiet: [
      [month6, visit('V_M12', { FUDAT: '2026-01-09' })],
      [month6, visit('V_UNS', { FUDAT: '2025-03-09' })],
    ],
  },
  C27: {
    fires: [
      [male, month6, visit('V_M12', { ECOG: 3 })],
      [male, visit('V_M06', { ECOG: 4 })],
    ],
    quiet: [[male, month6, visit('V_M12', { ECOG: 2 })]],
  },
  C28: {
    fires: [[visit('V_M06', { VSTAT: 'DEAD' }), visit('V_M12', { VSTAT: 'ALIVE' })]],
    quiet: [
      [month6, visit('V_M12', { VSTAT: 'DEAD' })],
      [visit('V_M12', { VSTAT: 'DEAD' }), month6],
    ],
  },
  C29: {
    fires: [[form('CS', { CHDECHO: 'SEV' }), form('V_M06/CS', { CHDECHO: 'NONE' })]],
    quiet: [
      [form('CS', { CHDECHO: 'SEV', CHDTX: 'VALVE' }), form('V_M06/CS', { CHDECHO: 'NONE' })],
      [form('CS', { CHDECHO: 'SEV' }), form('V_M06/CS', { CHDECHO: 'NONE', CHDTX: 'VALVE' })],
      [form('CS', { CHDECHO: 'MOD' }), form('V_M06/CS', { CHDECHO: 'NONE' })],
    ],
  },
  'C31.PENDING': {
    fires: [[death('2026-01-29')]],
    quiet: [[death('2026-01-30')], [form('DD', { DTHDAT: '2025-06', ADFINAL: 'SINET' })]],
    open: [[death('2026-01')]],
  },
  'C31.THIRD': {
    fires: [[form('DD', { AD1CAUSE: 'SINET', AD2CAUSE: 'INFECTION' })]],
    quiet: [
      [form('DD', { AD1CAUSE: 'SINET', AD2CAUSE: 'SINET' })],
      [form('DD', { AD1CAUSE: 'SINET', AD2CAUSE: 'INFECTION', AD3CAUSE: 'SINET' })],
    ],
    open: [[form('DD', { AD1CAUSE: 'SINET' })]],
  },
};

const cases = Object.entries(examples).flatMap(([oid, { fires, quiet, open = [] }]) =>
  [[fires, true] as const, [quiet, false] as const, [open, 'unknown'] as const].flatMap(([given, verdict]) =>
    given.map((forms) => [oid, verdict, shown(forms), forms] as const),
  ),
);

function shown(forms: readonly FormFacts[]): string {
  return forms.map(({ form, items, rows }) => `${form} ${JSON.stringify({ ...items, ...rows })}`).join(', ');
}

describe('the checks of siNET', () => {
  it('have each an example that fires and one that does not', () => {
    expect(Object.keys(examples).sort()).toEqual(definition.checks.map(({ oid }) => oid).sort());
    for (const { fires, quiet } of Object.values(examples)) {
      expect(fires).not.toEqual([]);
      expect(quiet).not.toEqual([]);
    }
  });

  it('cover all rules but those of single values and across subjects', () => {
    const rules = new Set(checks.map(({ oid }) => Number(oid.slice(1, 3))));
    expect([...rules].sort((a, b) => a - b)).toEqual(
      [...Array(29).keys()].map((i) => i + 3).filter((n) => n !== 30),
    );
  });

  it.each(cases)('%s is %s for %s', (oid, verdict, _, forms) => {
    expect(says(oid, forms).verdict).toBe(verdict);
  });

  it('tell in their texts what was entered', () => {
    expect(says('C03', [form('DX', { GRADE: 'G1', KI67: 8, GRADED: 'G2' })]).text).toBe(
      'Grade is G1, but Ki-67 8 % and – mitoses per 2 mm² give G2. Please check.',
    );
    expect(says('C26.FU', [armA, visit('V_M06', { FUDAT: '2025-05-30' })]).text).toContain(
      'day 183, 42 days',
    );
  });
});

const imaging = (address: string, SUMD: number, more: FormFacts['items'] = {}) =>
  form(address, { NEWL: 'N', NTL: 'NONCRNONPD', SUMD, ...more });
const criteria = { I01: 'Y', I02: 'Y', I03: 'Y', I04: 'Y', I05: 'Y', I06: 'Y', I07: 'Y', I08: 'Y' };
const noExclusion = { E01: 'N', E02: 'N', E03: 'N', E04: 'N', E05: 'N', E06: 'N', E07: 'N' };

describe('the derived items of siNET', () => {
  it.each([
    ['I.DM.AGE', [form('DM', { BIRTHDT: '1960-01-11' })], 64],
    ['I.DM.AGE', [form('DM', { BIRTHDT: '1960-01' })], undefined],
    ['I.DM.AGE', [form('DM', { BIRTHDT: '1960-05' })], 64],
    ['I.DM.BMI', [form('DM', { WEIGHT: 80, HEIGHT: 180 })], 24.7],
    ['I.DM.BMI', [form('DM', { WEIGHT: 80, HEIGHT: 0 })], undefined],
    ['I.EL.ELIGYN', [form('EL', { ...criteria, ...noExclusion })], 'Y'],
    ['I.EL.ELIGYN', [form('EL', { ...criteria, ...noExclusion, E03: 'Y' })], 'N'],
    ['I.EL.ELIGYN', [form('EL', { I02: 'N' })], 'N'],
    ['I.EL.ELIGYN', [form('EL', criteria)], undefined],
    [
      'I.EL.ELIGYN',
      [male, form('EL', { ...criteria, ...noExclusion, E07: { missing: 'not-applicable' } })],
      'Y',
    ],
    [
      'I.EL.ELIGYN',
      [older, form('EL', { ...criteria, ...noExclusion, E07: { missing: 'not-applicable' } })],
      'Y',
    ],
    [
      'I.EL.ELIGYN',
      [young, form('EL', { ...criteria, ...noExclusion, E07: { missing: 'unknown' } })],
      undefined,
    ],
    ['I.DX.GRADED', [form('DX', { KI67: 2.9, MITO: 1 })], 'G1'],
    ['I.DX.GRADED', [form('DX', { KI67: 2.9, MITO: 2 })], 'G2'],
    ['I.DX.GRADED', [form('DX', { KI67: 20 })], 'G2'],
    ['I.DX.GRADED', [form('DX', { KI67: 3, MITO: 21 })], 'G3'],
    ['I.DX.GRADED', [form('DX', { MITO: 1 })], undefined],
    ['I.DX.STAGE', [form('DX', { CT_M: 'M1a' })], 'IV'],
    ['I.DX.STAGE', [form('DX', {})], undefined],
    ['I.IM.SUMD', [form('IM', {}, { TL: [{ TLDIAM: 20 }, { TLDIAM: 12.5 }] })], 32.5],
    ['I.IM.SUMD', [form('IM', {})], undefined],
    ['I.IM.SUMD', [form('IM', {}, { TL: [{ TLDIAM: 20 }, {}] })], undefined],
    ['I.IM.RECISTD', [imaging('IM', 100)], undefined],
    ['I.IM.RECISTD', [imaging('IM', 100), imaging('V_M06/IM', 71)], 'SD'],
    ['I.IM.RECISTD', [imaging('IM', 100), imaging('V_M06/IM', 70)], 'PR'],
    ['I.IM.RECISTD', [imaging('IM', 100), imaging('V_M06/IM', 0, { NTL: 'CR' })], 'CR'],
    ['I.IM.RECISTD', [imaging('IM', 100), imaging('V_M06/IM', 50), imaging('V_M12/IM', 60)], 'PD'],
    ['I.IM.RECISTD', [imaging('IM', 20), imaging('V_M06/IM', 10), imaging('V_M12/IM', 14)], 'PR'],
    ['I.IM.RECISTD', [imaging('IM', 100), imaging('V_M06/IM', 50, { NEWL: 'Y' })], 'PD'],
    ['I.IM.RECISTD', [imaging('IM', 100), form('V_M06/IM', { NEWL: 'N', NTL: 'NE' })], undefined],
    [
      'I.PO.CDMAX',
      [form('PO', {}, { COMP: [{ CLAVIEN: 'II' }, { CLAVIEN: 'IVa' }, { CLAVIEN: 'I' }] })],
      'IVa',
    ],
    ['I.PO.CDMAX', [form('PO', {})], undefined],
    ['I.PO.CCI', [form('PO', { POCOMP: 'N' })], 0],
    ['I.PO.CCI', [form('PO', { POCOMP: 'Y' })], undefined],
    ['I.PO.CCI', [form('PO', {}, { COMP: [{ CLAVIEN: 'IIIa' }] })], 26.2],
    ['I.PO.CCI', [form('PO', {}, { COMP: [{ CLAVIEN: 'I' }, { CLAVIEN: 'II' }] })], 22.6],
    ['I.PO.CCI', [form('PO', {}, { COMP: Array(6).fill({ CLAVIEN: 'IVb' }) })], 100],
    ['I.PO.CCI', [form('PO', {}, { COMP: [{ CLAVIEN: 'I' }, { CLAVIEN: 'V' }] })], 100],
  ])('%s of %j is %s', (oid, given, value) => {
    expect(derive(oid, given)).toEqual(value === undefined ? 'unknown' : { value });
  });
});
