import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { Call } from '#commands';
import { parseIdempotencyKey, parseIfMatch } from '#http';
import type { Caller } from '../scope.js';
import type { AuthenticatedRequest } from './current-caller.decorator.js';

/** What every write has in common: a `Call` on the study in the path, with its key and condition. */
export function WriteCall(): ParameterDecorator {
  return (target, key, index) => {
    read()(target, key, index);
    const handler = key === undefined ? undefined : Object.getOwnPropertyDescriptor(target, key);
    if (!handler || key === undefined) return;
    for (const header of headers) ApiHeader(header)(target, key, handler);
  };
}

const read = createParamDecorator((_data: unknown, context: ExecutionContext): Call<Caller> => {
  const { caller, params, headers: given } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  return {
    log: (params as { study?: string }).study ?? '',
    caller,
    key: parseIdempotencyKey(only(given['idempotency-key'])),
    ifMatch: parseIfMatch(only(given['if-match'])),
  };
});

const only = (value: string | string[] | undefined) => (Array.isArray(value) ? value.join(', ') : value);

const headers = [
  {
    name: 'Idempotency-Key',
    required: true,
    schema: { type: 'string' as const, format: 'uuid' },
    description: 'A UUID of the client’s own; a retry with it gets the first answer again.',
  },
  {
    name: 'If-Match',
    required: false,
    schema: { type: 'string' as const },
    description: 'The ETag of the state that was read, where a form that has data changes.',
  },
];
