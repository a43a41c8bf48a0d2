export { acknowledge } from './acknowledge.js';
export type { Aggregate, Call, CommandType, Context, Precondition, Receipt } from './command-type.js';
export { type Kind, rebuildFollowing, rebuildInline } from './rebuild.js';
export { Runner } from './runner.js';
export { advance, type Loaded, Streams } from './streams.js';
export { RefusedStep, type Step } from './together.js';
