export { acknowledge } from './acknowledge.js';
export type { Anew, Follows, History } from './anew.js';
export {
  type Aggregate,
  type Call,
  type CommandType,
  type Context,
  Overtaken,
  type Placed,
  type Precondition,
  type Receipt,
} from './command-type.js';
export type { Kind } from './kind.js';
export { rebuild } from './rebuild.js';
export { Recurring } from './recurring.js';
export { Runner } from './runner.js';
export { advance, type Loaded, Streams } from './streams.js';
export { RefusedStep, type Step } from './together.js';
