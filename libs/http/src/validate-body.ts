import { type ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { type Fault, Problem, pointerTo } from '#problem';

const MOST_FAULTS = 100;

/**
 * Validates bodies against their classes; properties that a class does not declare are refused.
 * Other arguments are left as they are: each is read by its own parser.
 */
class BodyPipe extends ValidationPipe {
  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      exceptionFactory: (errors) => invalidBody(faultsOf(errors)),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type !== 'body') return value;
    if (metadata.metatype && this.toValidate(metadata) && !isObjectOrMissing(value)) {
      throw invalidBody([{ pointer: '', code: 'is-object', message: 'The body must be an object' }]);
    }
    return super.transform(value, metadata);
  }
}

export const bodyPipe: ValidationPipe = new BodyPipe();

/** The faults that class-validator found, each with the JSON Pointer of its property. */
export function faultsOf(errors: readonly ValidationError[], parent = ''): Fault[] {
  return errors.flatMap(({ property, constraints = {}, children = [] }) => {
    const pointer = pointerTo(parent, property);
    const own = Object.entries(constraints).map(([name, message]) => ({
      pointer,
      code: name === 'whitelistValidation' ? 'unknown-property' : kebab(name),
      message,
    }));
    return [...own, ...faultsOf(children, pointer)];
  });
}

/** Lists so many faults at most, or the answer could be far larger than the request. */
function invalidBody(faults: readonly Fault[]): Problem {
  const detail =
    faults.length > MOST_FAULTS
      ? `The body has ${faults.length} faults, of which the first ${MOST_FAULTS} are listed.`
      : 'The body has faults.';
  return new Problem('invalid-value', detail, { errors: faults.slice(0, MOST_FAULTS) });
}

function isObjectOrMissing(value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value));
}

function kebab(camel: string): string {
  return camel.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
