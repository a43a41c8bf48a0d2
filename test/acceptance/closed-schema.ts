/** A JSON Schema, as far as OpenAPI documents made by NestJS have them. */
export interface Schema {
  readonly $ref?: string;
  readonly format?: string;
  readonly required?: readonly string[];
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly then?: Schema;
  /** Of NDJSON: each line’s. */
  readonly 'x-lines'?: Schema;
  readonly oneOf?: readonly Schema[];
}

/** The same schema, but an object has no other properties than those it declares, unless it says that it may. */
export function closed(schema: Schema): Schema {
  const { type, properties, additionalProperties, items, allOf, anyOf, oneOf } = schema;
  // What `then` says of it is closed where it is said.
  const isObject = properties !== undefined || ([type].flat().includes('object') && !schema.then);
  const members = Object.entries(properties ?? {}).map(([name, one]) => [name, closed(one)]);
  return {
    ...schema,
    ...(properties && { properties: Object.fromEntries(members) }),
    ...(isObject && { additionalProperties: false }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === 'object' ? closed(additionalProperties) : additionalProperties,
    }),
    ...(items && { items: closed(items) }),
    ...(allOf && { allOf: allOf.map(closed) }),
    ...(anyOf && { anyOf: anyOf.map(closed) }),
    ...(oneOf && { oneOf: oneOf.map(closed) }),
  };
}
