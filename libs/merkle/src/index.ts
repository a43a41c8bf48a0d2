export {
  type Checkpoint,
  formatCheckpoint,
  openCheckpoint,
  parseCheckpoint,
  signCheckpoint,
} from './checkpoint.js';
export { privateKeyFromSeed, publicKeyBytes, publicKeyFromBytes } from './ed25519.js';
export { emptyRoot, type Hash, leafHash, nodeHash } from './hash.js';
export { InvalidNote } from './invalid-note.js';
export { MemoryTree } from './memory-tree.js';
export { type OpenedNote, openNote, signNote } from './note.js';
export { formatVerifierKey, type NoteKey, noteKey, parseVerifierKey } from './note-key.js';
export { completeSubtrees } from './subtree.js';
export {
  newlyComplete,
  parseTilePath,
  type Range,
  TILE_WIDTH,
  type Tile,
  tilePath,
  tileRange,
} from './tile.js';
export { consistencyProof, inclusionProof, rootHash, type TileSource } from './tree.js';
export { verifyConsistency, verifyInclusion } from './verify.js';
