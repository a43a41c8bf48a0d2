import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../scope.js';

/** A request that the guard let in. */
export interface AuthenticatedRequest extends FastifyRequest {
  caller: Caller;
}

/** Whom the guard let in: a `Caller`. */
export const CurrentCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  return context.switchToHttp().getRequest<AuthenticatedRequest>().caller;
});
