import type { ArgumentMetadata, PipeTransform, Type } from '@nestjs/common';
import { type ValidationError, validateSync } from 'class-validator';
import { type Fault, Problem, pointerTo } from '#problem';
import { instanceOf, isSurelyValid } from './body-class.js';

const MOST_FAULTS = 100;
const RULES = { whitelist: true, forbidNonWhitelisted: true };
const PLAIN: readonly unknown[] = [Object, String, Number, Boolean, Array];

/**
 * Validates bodies against their classes; properties that a class does not declare are refused. Other
 * arguments are left as they are: each is read by its own parser. Not Nest's ValidationPipe, which looks
 * through every body for what strict JSON has refused already, and makes promises of what needs none.
 */
class BodyPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type !== 'body' || !metatype || PLAIN.includes(metatype)) return value;
    if (!isObjectOrMissing(value)) {
      throw invalidBody([{ pointer: '', code: 'is-object', message: 'The body must be an object' }]);
    }
    return validBody(metatype as Type<object>, value ?? {});
  }
}

/** @throws Problem invalid-value with every fault's place */
export function validBody<Body extends object>(type: Type<Body>, value: object): Body {
  const body = instanceOf(type, value);
  if (isSurelyValid(body)) return body;
  const errors = validateSync(body, RULES);
  if (errors.length > 0) throw invalidBody(faultsOf(errors));
  return body;
}

export const bodyPipe: PipeTransform = new BodyPipe();

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
