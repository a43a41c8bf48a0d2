export { ChangeController } from './change.controller.js';
export { ComparisonController } from './comparison/comparison.controller.js';
export { DatasetController } from './dataset.controller.js';
export { type SeenDataset, seenBy } from './dataset.js';
export { readChanges, rowsOf } from './dataset-stream.js';
export { datasetsOf } from './datasets/datasets.js';
export {
  SNAPSHOT_COMMANDS,
  type SnapshotCommands,
  snapshotCommands,
  snapshots,
} from './snapshot/snapshot.commands.js';
export { SnapshotController } from './snapshot/snapshot.controller.js';
export { SnapshotRow, snapshotRows } from './snapshot/snapshot.projection.js';
export { SnapshotMaker } from './snapshot/snapshot-maker.service.js';
export { StudyReader } from './study-reader.projection.js';
