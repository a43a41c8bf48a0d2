import { Problem } from '#problem';

/** A query parameter that is missing or cannot be read; `expected` completes “… must be”. */
export function invalidParameter(parameter: string, expected: string): Problem {
  return new Problem('invalid-request', `The query parameter ${parameter} must be ${expected}.`, {
    extensions: { parameter },
  });
}

/** A header that is missing or cannot be read; `expected` completes “… must be”. */
export function invalidHeader(header: string, expected: string): Problem {
  return new Problem('invalid-request', `The header ${header} must be ${expected}.`, {
    extensions: { header },
  });
}
