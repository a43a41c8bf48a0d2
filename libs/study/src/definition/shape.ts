import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { type Fault, pointerTo } from '#problem';
import type { Definition } from './definition.js';

const schema: object = JSON.parse(
  readFileSync(new URL('../definition.schema.json', import.meta.url), 'utf8'),
);
/** Made at the first definition: a server that starts rarely reads one. */
let matcher: ValidateFunction<Definition> | undefined;

/** What in `input` is not shaped as `definition.schema.json` says. */
export function shapeFaults(input: unknown): Fault[] {
  matcher ??= new Ajv2020({ allErrors: true, verbose: true, allowUnionTypes: true }).compile<Definition>(
    schema,
  );
  return matcher(input) ? [] : (matcher.errors ?? []).map(toFault);
}

function toFault({ keyword, instancePath, params, message, parentSchema }: ErrorObject): Fault {
  switch (keyword) {
    case 'required':
      return {
        pointer: pointerTo(instancePath, params.missingProperty),
        code: 'missing',
        message: `${params.missingProperty} is missing`,
      };
    case 'additionalProperties':
      return {
        pointer: pointerTo(instancePath, params.additionalProperty),
        code: 'unknown-property',
        message: `${params.additionalProperty} is not a property here`,
      };
    case 'type':
      return { pointer: instancePath, code: 'wrong-type', message: `must be of type ${params.type}` };
    case 'enum':
      return {
        pointer: instancePath,
        code: 'invalid',
        message: `must be one of ${params.allowedValues.join(', ')}`,
      };
    case 'pattern':
      return { pointer: instancePath, code: 'invalid', message: `must be ${parentSchema?.description}` };
    default:
      return { pointer: instancePath, code: 'invalid', message: `${message}` };
  }
}
