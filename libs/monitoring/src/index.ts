export { ProgressController } from './progress.controller.js';
export { foldProgress, ProgressRow, progressRows } from './progress.projection.js';
export { PROGRESS_FOLLOWER, ProgressReader } from './progress.service.js';
