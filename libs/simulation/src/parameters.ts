/** What the simulated trial assumes. Rates are per year, of exponential times; shares are probabilities. */

export type Arm = 'A' | 'B';

export const DAYS_PER_YEAR = 365.25;

export const trial = {
  study: 'SINET',
  /** First inclusion before today, and how long inclusion went on: most courses are over today. */
  yearsBeforeToday: 8,
  accrualDays: 1096,
  /** Of the gamma distribution of the centres' rates: below 1, so a few centres dominate. */
  centreShape: 0.8,
  shareOfArmA: 0.5,
} as const;

/** Hazard of death due to the tumour. It follows the arm as allocated, whatever surgery comes later. */
export const tumourDeath: Readonly<Record<Arm, number>> = { A: 0.072, B: 0.085 };
export const otherDeath = 0.025;
export const progression = 0.2;
/** Obstruction, ischaemia, bleeding or perforation from the primary. */
export const complication: Readonly<Record<Arm, number>> = { A: 0.02, B: 0.05 };
export const crossover: Readonly<Record<Arm, number>> = { A: 0, B: 0.045 };
export const lossToFollowUp = 0.015;
export const withdrawal = 0.005;

export const shares = {
  /** Of the first complications in arm B: with the hazard above about 23 % are operated on in the long term. */
  emergencySurgery: 0.9,
  /** Of the arm A that is never operated. */
  surgeryNotDone: 0.03,
  /** Of tumour deaths within 90 days of surgery: gives a mortality due to surgery of about 1 %. */
  postoperativeDeath: 0.57,
  severeSurgicalComplication: 0.12,
  unknownCause: 0.05,
  missedVisit: 0.05,
  /** Outside the visit's window. */
  lateVisit: 0.12,
} as const;

/** How data go wrong, per item unless said otherwise. */
export const flaws = {
  missing: 0.03,
  missingOptionalLaboratory: 0.15,
  /** A mandatory item left empty without saying why. */
  blank: 0.04,
  /** Entered wrong and corrected later. */
  slip: 0.03,
  /** Per form: a monitor or the data manager asks. */
  manualQuery: 0.09,
  /** Of the questionnaires at inclusion, and how many more each year. */
  questionnaire: 0.1,
  questionnairePerYear: 0.04,
} as const;
