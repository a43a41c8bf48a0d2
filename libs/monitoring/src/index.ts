export { ProgressController } from './progress.controller.js';
export { foldProgress, progressAnew } from './progress.projection.js';
export { PROGRESS_FOLLOWER, ProgressReader } from './progress.service.js';
export { ProgressRow, progressRows, progressSumRows } from './progress-sum.projection.js';
