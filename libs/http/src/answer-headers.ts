import type { ApiResponseOptions } from '@nestjs/swagger';

type Headers = NonNullable<ApiResponseOptions['headers']>;

/** The headers that answers have beside HTTP's own: `components.headers` of the OpenAPI document. */
export const answerHeaders = {
  'Daybook-Position': {
    description: 'The position in the log of the last event written, or of the state that was read',
    schema: { type: 'integer', minimum: -1 },
  },
  'Idempotent-Replayed': {
    description: '`true` where this is the first answer again',
    schema: { type: 'string', enum: ['true'] },
  },
  ETag: { description: 'The state that was read or made, for If-Match', schema: { type: 'string' } },
  Location: { description: 'The path of what was made', schema: { type: 'string', format: 'uri-reference' } },
  Link: { description: 'The next page (RFC 8288), unless this is the last', schema: { type: 'string' } },
  'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer', minimum: 0 } },
  'WWW-Authenticate': { description: 'How to sign in', schema: { type: 'string' } },
} as const satisfies Headers;

export type AnswerHeader = keyof typeof answerHeaders;

/** The `headers` of an answer that has these. */
export function withHeaders(...names: readonly AnswerHeader[]): Headers {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
