import { addDays } from '#values';
import { type Course, dayOf, type Visit } from '../course.js';
import { type FilledForm, filled, type Values } from '../filled-form.js';
import type { Random } from '../random.js';
import { isNew } from './follow-up.js';

const LOGS = 'COMMON';

const analogues = {
  lanreotide: { TXDRUG: 'Lanreotide', TXDOSE: 120, TXUNIT: 'mg', TXFREQ: 'every 28 days' },
  octreotide: { TXDRUG: 'Octreotide LAR', TXDOSE: 30, TXUNIT: 'mg', TXFREQ: 'every 28 days' },
} as const;

const secondLine = {
  PRRT: { TXDRUG: 'Lutetium-177 dotatate', TXDOSE: 7.4, TXUNIT: 'GBq', TXCYC: 4 },
  EVEROLIMUS: { TXDRUG: 'Everolimus', TXDOSE: 10, TXUNIT: 'mg', TXFREQ: 'daily' },
  CHEMO: { TXDRUG: 'Capecitabine and temozolomide', TXCYC: 6 },
  TAE: {},
  SIRT: {},
  ABLATION: {},
} as const;

/** The treatment most subjects have from the start: a somatostatin analogue, or none. */
export function firstLine({ inclusion, patient }: Course, random: Random): FilledForm[] {
  if (!random.chance(patient.carcinoidSyndrome ? 0.97 : 0.7)) return [];
  return [
    filled(LOGS, 'TX', {
      TXCAT: 'SSA',
      ...analogues[random.weighted({ lanreotide: 65, octreotide: 35 })],
      TXSTDT: addDays(inclusion, -random.integer(0, 90)),
      TXONGO: 'Y',
      TXLINE: 1,
      TXREAS: patient.carcinoidSyndrome ? 'SYMPT' : 'FIRSTLINE',
    }),
  ];
}

/** The first line as it ends, where the second one replaces it. */
export function endOfFirstLine({ inclusion }: Course, visit: Visit): Values {
  return { 'I.TX.TXONGO': 'N', 'I.TX.TXENDT': addDays(inclusion, visit.day) };
}

/** What is begun on progression. */
export function nextLine({ inclusion }: Course, visit: Visit, random: Random): FilledForm {
  const category = random.weighted({ PRRT: 45, EVEROLIMUS: 15, CHEMO: 5, TAE: 20, SIRT: 8, ABLATION: 7 });
  const once = category === 'TAE' || category === 'SIRT' || category === 'ABLATION';
  const date = addDays(inclusion, visit.day);
  return filled(LOGS, 'TX', {
    TXCAT: category,
    ...secondLine[category],
    TXSTDT: date,
    TXENDT: once ? date : undefined,
    TXONGO: once ? 'N' : 'Y',
    TXLINE: 2,
    TXREAS: 'PROG',
  });
}

/** Adverse events since the visit before: now and then a slight one, and every complication. */
export function adverseEvents(course: Course, visit: Visit, random: Random): FilledForm[] {
  const { inclusion, fates } = course;
  const events = [];
  if (random.chance(0.12)) {
    const from = random.integer(visit.since + 1, visit.day);
    const over = random.chance(0.8);
    events.push(
      filled(LOGS, 'AE', {
        AETERM: random.choice([
          'Diarrhoea',
          'Fatigue',
          'Abdominal pain',
          'Nausea',
          'Steatorrhoea',
          'Flatulence',
        ]),
        AESTDT: random.chance(0.15) ? addDays(inclusion, from).slice(0, 7) : addDays(inclusion, from),
        AEENDT: over ? addDays(inclusion, visit.day) : undefined,
        AEGR: random.integer(1, 2),
        AESER: 'N',
        AEREL: random.weighted({ SSA: 45, DISEASE: 30, NONE: 25 }),
        AEOUT: over ? 'RECOV' : 'NOTREC',
      }),
    );
  }
  if (isNew(fates.complication, visit)) {
    events.push(
      filled(LOGS, 'AE', {
        AETERM: 'Complication of the primary tumour',
        AESTDT: addDays(inclusion, dayOf(fates.complication)),
        AEENDT: addDays(inclusion, visit.day),
        AEGR: random.integer(3, 4),
        AESER: 'Y',
        AESERCR: ['HOSP'],
        AEREL: 'DISEASE',
        AEOUT: random.weighted({ RECOV: 80, SEQ: 20 }),
        AEACT: 'Admission',
      }),
    );
  }
  return events;
}
