import { invalidParameter } from './refusals.js';

export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The one value of a query parameter; undefined when it is not given.
 *
 * @throws Problem `invalid-request` when it is given more than once.
 */
export function onlyValue(query: Query, parameter: string): string | undefined {
  const value = query[parameter];
  if (value !== undefined && typeof value !== 'string') throw invalidParameter(parameter, 'given once');
  return value;
}
