import type { OpenAPIObject } from '@nestjs/swagger';
import { catalogue } from '#problem';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

/** Where the OpenAPI document has it. */
export const problemRef = { $ref: '#/components/schemas/Problem' };

/** The OpenAPI schema of every refusal: an RFC 9457 problem document. */
export const problemSchema: Schemas[string] = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: {
      type: 'string',
      enum: Object.keys(catalogue).map((code) => `/problems/${code}`),
      description: 'The path of the page that says what it means',
    },
    title: { type: 'string' },
    status: { type: 'integer', description: 'That of the answer' },
    detail: { type: 'string', description: 'What is the matter here' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'message'],
        properties: {
          pointer: { type: 'string', description: 'The place in the body: a JSON Pointer (RFC 6901)' },
          code: { type: 'string' },
          message: { type: 'string' },
        },
      },
    },
  },
  additionalProperties: true,
  description: 'Other members say more, such as the current values of a stale form.',
};
