import { addDays } from '#values';
import type { Course } from '../course.js';
import { type FilledForm, filled } from '../filled-form.js';
import { DAYS_PER_YEAR } from '../parameters.js';
import type { Patient } from '../patient.js';
import { type Random, rounded } from '../random.js';

const VISIT = 'V_SCR';

/** Demography, consent and eligibility. Whatever identifies a person is invented, and looks it. */
export function admission(course: Course, random: Random): FilledForm[] {
  return [demography(course, random), consent(course, random), eligibility(course)];
}

function demography({ number, site, inclusion, patient }: Course, random: Random): FilledForm {
  const born = addDays(inclusion, -Math.round(patient.age * DAYS_PER_YEAR));
  const letter = () => String.fromCharCode(65 + random.integer(0, 25));
  return filled(VISIT, 'DM', {
    INITIALS: letter() + letter(),
    MRN: `SIM-${String(number).padStart(6, '0')}`,
    BIRTHDT: random.chance(0.05) ? born.slice(0, 7) : born,
    SEX: patient.sex,
    COUNTRY: site.slice(0, 2),
    HEIGHT: patient.height,
    WEIGHT: patient.weight,
    ECOG: patient.ecog,
    ASA: random.integer(1, 3),
    CHARLSON: random.integer(6, 10),
  });
}

function consent({ consent }: Course, random: Random): FilledForm {
  return filled(
    VISIT,
    'IC',
    {
      ICTYPE: random.chance(0.85) ? 'WRITTEN' : 'NONOPP',
      ICDAT: consent,
      ICVER: random.chance(0.6) ? '1.0' : '2.0',
      ICREUSE: random.chance(0.9) ? 'Y' : 'N',
    },
    { by: 'investigator' },
  );
}

function eligibility({ patient }: Course): FilledForm {
  const met = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`I0${i + 1}`, 'Y']));
  const unmet = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`E0${i + 1}`, 'N']));
  // Pregnancy is not asked of men.
  const applies = patient.sex === 'F';
  return filled(
    VISIT,
    'EL',
    { ...met, ...unmet, ...(applies && { E07: 'N' }), ELWAIVER: 'N' },
    { by: 'investigator', missing: applies ? {} : { E07: 'not-applicable' } },
  );
}

export function diagnosis({ inclusion, patient }: Course, random: Random): FilledForm {
  const found = addDays(inclusion, -random.integer(30, 170));
  const isPartial = random.chance(0.1);
  const extrahepatic = random.chance(0.22) ? [random.choice(['PERIT', 'BONE', 'NODE', 'LUNG'])] : undefined;
  return filled(
    VISIT,
    'DX',
    {
      DXDAT: isPartial ? found.slice(0, 7) : found,
      DXCIRC: patient.carcinoidSyndrome
        ? 'CARCSYND'
        : random.weighted({ INCIDENTAL: 60, ABDPAIN: 30, OTHER: 10 }),
      TOPO: random.weighted({ 'C17.1': 8, 'C17.2': 80, 'C17.8': 4, 'C17.9': 8 }),
      MORPH: patient.grade === 'G1' ? '8240/3' : '8249/3',
      DIFF: 'WELL',
      ...proliferation(patient.grade, random),
      GRADE: patient.grade,
      BXSITE: random.weighted({ LIVER: 75, PRIMARY: 15, NODE: 10 }),
      BXDAT: addDays(found, random.integer(0, 20)),
      CT_T: random.weighted({ TX: 30, T2: 20, T3: 35, T4: 15 }),
      CT_MULT: random.weighted({ N: 50, Y: 35, UNK: 15 }),
      CT_M: extrahepatic ? 'M1c' : 'M1a',
      EXHEP: extrahepatic,
      HBURD: patient.liverBurden,
      HNUM: patient.liverBurden === 'LE10' ? random.choice(['1-5', '6-10']) : random.choice(['6-10', 'GT10']),
      HDIST: random.weighted({ UNILOB: 5, BILOB: 60, DIFFUSE: 35 }),
      UNRESREAS: random.weighted({ DISTRIB: 60, VOLUME: 20, REMNANT: 12, COMORB: 8 }),
      ...mesentery(patient, random),
      LNSTAGE: patient.nodeStage,
      FIBROSIS: random.weighted({ NONE: 35, MILD: 30, MOD: 25, SEV: 10 }),
      FAMHX: random.weighted({ N: 92, Y: 3, UNK: 5 }),
      PRIORCA: random.chance(0.06) ? 'Y' : 'N',
    },
    { by: 'investigator' },
  );
}

/** Ki-67 (%) and mitoses (per 2 mm²) of a grade by the WHO classification of 2019. */
export function proliferation(grade: Patient['grade'], random: Random): { KI67: number; MITO: number } {
  switch (grade) {
    case 'G1':
      return { KI67: random.between(0.5, 2.9, 1), MITO: random.integer(0, 1) };
    case 'G2':
      return { KI67: random.between(3, 20, 1), MITO: random.integer(0, 12) };
    case 'G3':
      return { KI67: random.between(20.5, 45, 1), MITO: random.integer(2, 25) };
  }
}

function mesentery({ nodeStage }: Patient, random: Random) {
  if (nodeStage === '0') return { CT_N: 'N0', MESMASS: 'N' };
  if (random.chance(0.25)) return { CT_N: 'N1', MESMASS: 'N' };
  const size = rounded(Math.max(6, Math.min(120, random.logNormal(24, 0.45))));
  return { CT_N: size > 20 ? 'N2' : 'N1', MESMASS: 'Y', MESSIZE: size };
}

export function inclusion({ inclusion, arm }: Course, random: Random): FilledForm {
  const reason =
    arm === 'A'
      ? random.weighted({ NODERISK: 45, LOWBURDEN: 25, CENTRE: 15, PATIENT: 12, OTHER: 3 })
      : random.weighted({ HIGHBURDEN: 45, COMORB: 25, CENTRE: 15, PATIENT: 12, OTHER: 3 });
  return filled(
    'V_INC',
    'EN',
    {
      ENDAT: inclusion,
      ENMDT: inclusion,
      ARM: arm,
      ARMREAS: reason,
      ARMOTH: reason === 'OTHER' ? 'Discussed with the referring centre' : undefined,
    },
    { by: 'investigator' },
  );
}
