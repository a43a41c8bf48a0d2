import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader, ApiQuery } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { parseAsOf } from './as-of.js';
import { onlyValue, type Query } from './query.js';
import { parseLimit, parseMinPosition } from './whole-number.js';

/** The `Daybook-Min-Position` of a read: a number, or undefined. */
export const MinPosition = (): ParameterDecorator =>
  header('Daybook-Min-Position', parseMinPosition, {
    schema: { type: 'integer', minimum: 0 },
    description: 'The read is served from a state at or after this position.',
  });

/** The query parameter `asOf`: a `Moment`, or undefined. */
export const AsOf = (): ParameterDecorator =>
  query('asOf', parseAsOf, {
    schema: {
      oneOf: [
        { type: 'integer', minimum: 0 },
        { type: 'string', format: 'date-time' },
      ],
    },
    description: 'Answer as of this position of the log, or as of this instant of recording.',
  });

/** The query parameter `limit` of a list: a number. */
export const Limit = (): ParameterDecorator =>
  query('limit', parseLimit, {
    schema: { type: 'integer', minimum: 1, maximum: 1000, default: 50 },
    description: 'The most items a page may have.',
  });

/** The query parameter `cursor` of a list: a string, or undefined. */
export const Cursor = (): ParameterDecorator =>
  query('cursor', (text) => text, {
    schema: { type: 'string' },
    description: 'The nextCursor of the page before.',
  });

interface Documentation {
  description: string;
  schema: NonNullable<Parameters<typeof ApiHeader>[0]['schema']>;
}

type Read = (text: string | undefined) => unknown;

function header(name: string, read: Read, documentation: Documentation): ParameterDecorator {
  return documented(
    createParamDecorator((_data: unknown, context: ExecutionContext) => {
      const value = requestOf(context).headers[name.toLowerCase()];
      return read(Array.isArray(value) ? value.join(', ') : value);
    })(),
    ApiHeader({ name, required: false, ...documentation }),
  );
}

function query(name: string, read: Read, documentation: Documentation): ParameterDecorator {
  return documented(
    createParamDecorator((_data: unknown, context: ExecutionContext) =>
      read(onlyValue(requestOf(context).query, name)),
    )(),
    ApiQuery({ name, required: false, ...documentation }),
  );
}

function requestOf(context: ExecutionContext): FastifyRequest<{ Querystring: Query }> {
  return context.switchToHttp().getRequest();
}

/** Reads the parameter, and writes it into the OpenAPI of the handler that reads it. */
function documented(parameter: ParameterDecorator, documentation: MethodDecorator): ParameterDecorator {
  return (target, key, index) => {
    parameter(target, key, index);
    const handler = key === undefined ? undefined : Object.getOwnPropertyDescriptor(target, key);
    if (key !== undefined && handler) documentation(target, key, handler);
  };
}
