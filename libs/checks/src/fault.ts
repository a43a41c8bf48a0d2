export type FaultCode =
  | 'too-long'
  | 'too-large'
  | 'syntax'
  | 'unsupported'
  | 'unknown-name'
  | 'unknown-code'
  | 'wrong-type'
  | 'wrong-arguments'
  | 'identifying';

/** Why an expression cannot be used; `offset` and `length` count UTF-16 code units of its source. */
export interface ExpressionFault {
  readonly code: FaultCode;
  readonly message: string;
  readonly offset: number;
  readonly length: number;
}

/** Ends a compilation at its first fault. */
export class InvalidExpression extends Error {
  constructor(readonly fault: ExpressionFault) {
    super(fault.message);
  }
}

/** A stretch of an expression's source. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export function refuse(code: FaultCode, message: string, { start, end }: Stretch): never {
  throw new InvalidExpression({ code, message, offset: start, length: end - start });
}

/** What `compile` returns, or the fault that ended it. */
export function orFaults<T>(compile: () => T): T | { faults: ExpressionFault[] } {
  try {
    return compile();
  } catch (error) {
    if (error instanceof InvalidExpression) return { faults: [error.fault] };
    throw error;
  }
}
