import { addDays } from '#values';
import type { Course, Surgery, Visit } from '../course.js';
import { type FilledForm, filled, yesNo } from '../filled-form.js';
import { shares } from '../parameters.js';
import { type Random, rounded } from '../random.js';
import { proliferation } from './baseline.js';

/** The operation and what the pathologist found. */
export function operation(course: Course, surgery: Surgery, random: Random): FilledForm[] {
  return [report(course, surgery, random), specimen(course, surgery, random)];
}

function report({ inclusion }: Course, { day, type }: Surgery, random: Random): FilledForm {
  const isEmergency = type === 'EMERGENCY';
  const dissection = random.chance(isEmergency ? 0.6 : 0.92);
  return filled(
    'V_SURG',
    'SU',
    {
      SUDAT: addDays(inclusion, day),
      SUTYPE: type,
      SUREAS: isEmergency
        ? random.weighted({ OBSTR: 75, ISCH: 10, BLEED: 10, PERF: 5 })
        : random.weighted({ PROPHYL: 85, PAIN: 10, LIVERACCESS: 5 }),
      SUAPPR: isEmergency ? 'OPEN' : random.weighted({ OPEN: 60, LAP: 28, ROBOT: 5, CONV: 7 }),
      SUPROC: random.chance(0.55) ? ['SBRESECT'] : [random.choice(['RHEMICOL', 'ILEOCAEC'])],
      SBLEN: random.integer(15, 130),
      SBREM: random.integer(180, 500),
      LNDISS: yesNo(dissection),
      LNVESSEL: dissection ? random.weighted({ SPARING: 65, CONV: 35 }) : undefined,
      LIVSURG: random.weighted({ NONE: 85, WEDGE: 9, ABLATION: 6 }),
      CHOLE: random.chance(0.5) ? 'Y' : 'N',
      OCTPERI: random.chance(0.8) ? 'Y' : 'N',
      DURAT: random.integer(90, 330),
      EBL: random.integer(3, 120) * 10,
      TRANSF: random.chance(0.08) ? random.integer(1, 4) : 0,
      SUCRISIS: random.chance(0.02) ? 'Y' : 'N',
      RESID: random.weighted({ R0L: 75, R1L: 15, R2L: 10 }),
    },
    { by: 'investigator' },
  );
}

function specimen({ inclusion, patient, lastDay }: Course, { day }: Surgery, random: Random): FilledForm {
  const examined = random.integer(6, 32);
  const { KI67, MITO } = proliferation(patient.grade, random);
  return filled('V_SURG', 'PT', {
    PTDAT: addDays(inclusion, Math.min(day + random.integer(5, 14), lastDay)),
    PTNUM: random.chance(0.6) ? 1 : random.integer(2, 12),
    PTMAX: rounded(Math.max(4, random.logNormal(19, 0.4))),
    PT_T: random.weighted({ T2: 15, T3: 55, T4: 30 }),
    PT_LNEX: examined,
    PT_LNPOS: Math.min(examined, random.integer(patient.nodeStage === '0' ? 0 : 1, 14)),
    PTKI67: KI67,
    PTMITO: MITO,
    PTGRADE: patient.grade,
    PTLVI: random.weighted({ Y: 65, N: 30, UNK: 5 }),
    PTPNI: random.weighted({ Y: 55, N: 40, UNK: 5 }),
    PTMARG: random.weighted({ R0: 82, R1: 14, R2: 4 }),
  });
}

/** The visit 30 or 90 days after surgery, or the news of a death before it. */
export function afterSurgery(course: Course, visit: Visit, random: Random): FilledForm {
  const { inclusion, surgery, end } = course;
  const date = addDays(inclusion, visit.day);
  const died = end?.reason === 'DEATH' && end.day === visit.day;
  const severe = random.chance(visit.oid === 'V_POD30' ? shares.severeSurgicalComplication : 0.02);
  const mild = random.chance(0.25);
  const grade = died
    ? 'V'
    : severe
      ? random.weighted({ IIIa: 50, IIIb: 35, IVa: 15 })
      : random.choice(['I', 'II']);
  const complicated = died || severe || mild;
  const term = died
    ? 'Organ failure'
    : random.choice(['Ileus', 'Wound infection', 'Intra-abdominal abscess']);
  const from = addDays(inclusion, Math.min(visit.day, (surgery?.day ?? visit.day) + random.integer(1, 12)));
  return filled(
    visit.oid,
    'PO',
    {
      PODAT: date,
      POSTAT: died ? 'DEAD' : 'ALIVE',
      POLOS: random.integer(5, severe ? 30 : 14),
      POCOMP: yesNo(complicated),
      LEAK: yesNo(severe && random.chance(0.25)),
      REOP: yesNo(grade === 'IIIb' && severe),
      READM: random.chance(0.08) ? 'Y' : 'N',
      TPN: random.chance(0.06) ? 'Y' : 'N',
    },
    complicated
      ? { rows: { group: 'IG.PO.COMP', values: [{ COMPTERM: term, COMPDAT: from, CLAVIEN: grade }] } }
      : {},
  );
}
