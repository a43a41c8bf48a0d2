export { OUTCOME_FOLLOWER, OutcomeController } from './outcome.controller.js';
export { foldOutcomes, outcomeRows, outcomeRowsOf } from './outcome.projection.js';
