import { readFileSync } from 'node:fs';
import type { OpenAPIObject } from '@nestjs/swagger';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

/** Where the OpenAPI document has the schema of a definition. */
export const definitionRef = { $ref: '#/components/schemas/Definition' };

/** A definition as it is sent. */
export const definitionBody = {
  anyOf: [definitionRef, { type: 'string', description: 'A CDISC ODM document, as application/xml' }],
};

/** The JSON Schema that definitions are checked against, as components of an OpenAPI document. */
export function definitionSchemas(): Schemas {
  const text = readFileSync(new URL('definition.schema.json', import.meta.url), 'utf8');
  const placed = text.replace(/"#\/\$defs\/(\w+)"/g, (_, name) => `"#/components/schemas/${nameOf(name)}"`);
  const { $defs } = JSON.parse(placed) as { $defs: Schemas };
  return Object.fromEntries(Object.entries($defs).map(([name, schema]) => [nameOf(name), schema]));
}

function nameOf(part: string): string {
  return part === 'definition' ? 'Definition' : `Definition${part[0]!.toUpperCase()}${part.slice(1)}`;
}
