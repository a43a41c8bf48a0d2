import type { ReadLimits } from './element-reader.js';

/** Room for the largest libraries of forms, and an end to what only looks like one. */
export const defaultLimits: ReadLimits = {
  depth: 64,
  token: 1_048_576,
  definitions: 200_000,
  elements: 2_000_000,
};
