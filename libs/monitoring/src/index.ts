export { ProgressController } from './progress.controller.js';
export { foldProgress } from './progress.projection.js';
export { PROGRESS_FOLLOWER, ProgressReader } from './progress.service.js';
export { ProgressRow, progressRows } from './progress-sum.projection.js';
