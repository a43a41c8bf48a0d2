import {
  type Arm,
  complication,
  crossover,
  lossToFollowUp,
  otherDeath,
  progression,
  tumourDeath,
  withdrawal,
} from './parameters.js';
import type { Random } from './random.js';

/**
 * What lies ahead of a subject, in years from inclusion, each as if nothing else could come first; what is
 * seen of it depends on how long the subject is followed. Infinity for what never comes.
 */
export interface Fates {
  /** The earlier of two deaths that compete. */
  readonly death: { readonly years: number; readonly cause: 'tumour' | 'other' };
  readonly progression: number;
  readonly complication: number;
  readonly crossover: number;
  readonly loss: number;
  readonly withdrawal: number;
}

export function drawFates(arm: Arm, random: Random): Fates {
  const tumour = random.exponential(tumourDeath[arm]);
  const other = random.exponential(otherDeath);
  return {
    death: tumour < other ? { years: tumour, cause: 'tumour' } : { years: other, cause: 'other' },
    progression: random.exponential(progression),
    complication: random.exponential(complication[arm]),
    crossover: random.exponential(crossover[arm]),
    loss: random.exponential(lossToFollowUp),
    withdrawal: random.exponential(withdrawal),
  };
}
