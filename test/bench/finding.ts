import type { Measure } from './measure.js';

/** One figure of a run, as a ratio to a reference measured beside it. */
export interface Finding {
  name: string;
  goal: string;
  ratio: number;
  met: boolean;
  ours: Measure;
  reference: Measure;
}
