/** What answers say again and again of a property, for `@ApiProperty`. */
export const integer = { type: 'integer' } as const;
export const count = { type: 'integer', minimum: 0 } as const;
export const uuid = { type: 'string', format: 'uuid' } as const;
/** RFC 3339, UTC, with milliseconds. */
export const instant = { type: 'string', format: 'date-time', example: '2026-01-15T09:30:00.000Z' } as const;
/** A whole day. */
export const day = { type: 'string', format: 'date' } as const;
/** A clinical date, which may be incomplete. */
export const partialDate = {
  type: 'string',
  example: '2026-01',
  description: 'ISO 8601, at reduced precision where the item allows it',
} as const;
export const textOrNull = { type: 'string', nullable: true } as const;
/** Its keys are nobody's to declare. */
export const anyObject = { type: 'object', additionalProperties: true } as const;
/** What a study's definition, or whoever entered it, makes of it. */
export const anyValue = {
  oneOf: [
    { type: 'string' },
    { type: 'number' },
    { type: 'boolean' },
    { type: 'array', items: {} },
    { type: 'object', additionalProperties: true },
  ],
  nullable: true,
};
