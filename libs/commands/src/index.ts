export { acknowledge } from './acknowledge.js';
export type { Aggregate, CommandType, Context, Precondition, Receipt } from './command-type.js';
export { type Kind, rebuildFollowing, rebuildInline } from './rebuild.js';
export { type Call, Runner } from './runner.js';
export { advance, type Loaded, Streams } from './streams.js';
