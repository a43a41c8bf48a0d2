export type { Aggregate, CommandType, Context, Receipt } from './command-type.js';
export { type Call, Runner } from './runner.js';
export { advance, type Loaded, Streams } from './streams.js';
