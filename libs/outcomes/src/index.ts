export { CurveController } from './curve.controller.js';
export { OUTCOME_FOLLOWER, OutcomeController } from './outcome.controller.js';
export { outcomeRows, outcomeRowsOf, rowsOfCourse } from './outcome.projection.js';
export { beginning, evolveCourse } from './outcome-course.js';
export { foldOutcomes, outcomesAnew } from './outcome-follower.projection.js';
export { endpointsTelling, itemsRead } from './outcome-reads.js';
export { showOutcome } from './outcome-view.js';
