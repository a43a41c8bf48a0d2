import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '#problem';
import { JSON_BODY_LIMIT } from './body.js';
import { ownFault, problemOf } from './problem-of.js';
import { sendProblem } from './send-problem.js';

/** Fastify’s options for what it answers itself, before any filter could: to be given to the adapter. */
export const serverOptions = {
  bodyLimit: JSON_BODY_LIMIT,

  /** Addresses that the router cannot read. */
  frameworkErrors(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
    sendProblem(reply, problemOf(error) ?? ownFault());
  },

  /** Bytes that are not HTTP, headers that are too large, requests that never end. */
  clientErrorHandler(error: Error, socket: Socket): void {
    if (socket.destroyed || ('code' in error && error.code === 'ECONNRESET')) return;
    if (socket.writable) socket.write(rawProblem());
    socket.destroySoon();
  },
};

function rawProblem(): string {
  const problem = new Problem('invalid-request', 'This could not be read as an HTTP request.');
  const body = JSON.stringify(problem);
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
