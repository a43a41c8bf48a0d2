import { HttpException } from '@nestjs/common';
import { catalogue, Problem, type ProblemCode } from '#problem';

/**
 * The problem that a caller is told of when this was thrown; undefined for a fault of our own, of
 * which nothing is told. Messages of other libraries are dropped: they may quote what was sent.
 */
export function problemOf(thrown: unknown): Problem | undefined {
  if (thrown instanceof Problem) return thrown;
  if (!(thrown instanceof Error)) return undefined;
  if (isDatabaseAway(thrown)) return plain('unavailable');
  const status = thrown instanceof HttpException ? thrown.getStatus() : statusCodeOf(thrown);
  const code = status === undefined ? undefined : codeOf(status);
  return code && plain(code);
}

/** All that a caller is told of a fault of our own. */
export function ownFault(): Problem {
  return plain('internal-error');
}

function plain(code: ProblemCode): Problem {
  return new Problem(code, catalogue[code].meaning);
}

/** Errors of Fastify and its plugins carry the status that they ask for. */
function statusCodeOf(error: Error): number | undefined {
  return 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

const codes: Readonly<Record<number, ProblemCode>> = {
  401: 'unauthenticated',
  403: 'not-permitted',
  404: 'not-found',
  405: 'method-not-allowed',
  406: 'not-acceptable',
  409: 'conflict',
  413: 'body-too-large',
  415: 'unsupported-media-type',
  422: 'invalid-value',
  429: 'too-many-requests',
  503: 'unavailable',
};

function codeOf(status: number): ProblemCode | undefined {
  return codes[status] ?? (status >= 400 && status < 500 ? 'invalid-request' : undefined);
}

/**
 * SQLSTATE classes and codes after which the same request may succeed a little later: connection
 * exceptions, insufficient resources, operator intervention, serialization failures and deadlocks,
 * a server that became a standby.
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const PASSING_SQLSTATE = /^(?:08...|53...|57P0[1-5]|40001|40P01|25006)$/;
const PASSING_SOCKET_ERRORS: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** What `pg` and `pg-pool` throw without any code. */
const LOST_CONNECTION =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

function isDatabaseAway(error: Error): boolean {
  if (LOST_CONNECTION.test(error.message)) return true;
  const code = 'code' in error ? error.code : undefined;
  if (PASSING_SOCKET_ERRORS.has(code)) return true;
  if (typeof code === 'string' && PASSING_SQLSTATE.test(code)) return true;
  return error.cause instanceof Error && isDatabaseAway(error.cause);
}
