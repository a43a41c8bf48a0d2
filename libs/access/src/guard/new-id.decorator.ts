import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { parseIdempotencyKey } from '#http';

/**
 * The id of a thing that this request makes: a UUID (version 8, RFC 9562) that follows from its
 * Idempotency-Key, so that a retry names the same thing.
 */
export const NewId = createParamDecorator((_data: unknown, context: ExecutionContext): string => {
  const header = context.switchToHttp().getRequest<FastifyRequest>().headers['idempotency-key'];
  return newId(parseIdempotencyKey(Array.isArray(header) ? header.join(', ') : header));
});

export function newId(key: string): string {
  const hex = createHash('sha256').update(`daybook new id ${key}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
