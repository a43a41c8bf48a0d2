import type { FastifyReply } from 'fastify';
import type { Problem } from '#problem';

const RETRY_AFTER_SECONDS = 1;

/** Answers with a problem (RFC 9457) and the headers that its status goes with. */
export function sendProblem(reply: FastifyReply, problem: Problem): void {
  if (problem.status === 401) reply.header('WWW-Authenticate', 'Bearer');
  if (problem.status === 429 || problem.status === 503) reply.header('Retry-After', retryAfter(problem));
  reply.code(problem.status).header('Content-Type', 'application/problem+json').send(JSON.stringify(problem));
}

/** In seconds; a problem may name them in its extension member `retryAfter`. */
function retryAfter({ details }: Problem): number {
  const seconds = details.extensions?.retryAfter;
  return typeof seconds === 'number' ? Math.ceil(seconds) : RETRY_AFTER_SECONDS;
}
