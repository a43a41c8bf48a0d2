export { enterTrial, type TrialOptions } from './enter.js';
export { type Person, trialPeople } from './people.js';
export { trialSites } from './sites.js';
export type { Staff, Target } from './target.js';
