import { type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Problem } from '#problem';
import { onlyValue, type Query } from './query.js';
import { invalidParameter } from './refusals.js';

/** Names the query parameters of a handler that may be given more than once. */
export const RepeatableQuery = Reflector.createDecorator<readonly string[]>();

/**
 * Refuses what two readers of one address could understand differently: query parameters given more
 * than once, and NUL characters, which PostgreSQL cannot hold.
 */
export class PlainRequestGuard implements CanActivate {
  private readonly reflector = new Reflector();

  canActivate(context: ExecutionContext): boolean {
    const request = context
      .switchToHttp()
      .getRequest<FastifyRequest<{ Querystring: Query; Params: Query }>>();
    const repeatable = this.reflector.get(RepeatableQuery, context.getHandler()) ?? [];
    for (const name of Object.keys(request.query)) {
      const values = repeatable.includes(name) ? request.query[name] : onlyValue(request.query, name);
      if (hasNul(values)) throw invalidParameter(name, 'free of NUL characters');
    }
    if (Object.values(request.params).some(hasNul)) {
      throw new Problem('invalid-request', 'The path has a NUL character.');
    }
    return true;
  }
}

function hasNul(value: Query[string]): boolean {
  return typeof value === 'string' ? value.includes('\0') : (value?.some(hasNul) ?? false);
}
