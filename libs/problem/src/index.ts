export { catalogue, type ProblemCode } from './catalogue.js';
export { type Fault, Problem, pointerTo } from './problem.js';
