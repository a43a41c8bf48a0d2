import type { Type } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import { grouped } from '#values';

type Storage = ReturnType<typeof getMetadataStorage>;
type Rule = ReturnType<Storage['getTargetValidationMetadatas']>[number];
type Test = (body: object, value: unknown) => boolean;

/** What class-validator knows of one property of a class. */
interface Property {
  /** Without them, whatever it holds is not looked at. */
  readonly conditions: readonly Test[];
  readonly tests: readonly Test[];
  /** The class of the objects that it holds. */
  readonly nested: Type<object> | undefined;
}

/** Asked once a class: class-validator goes through all classes that there are, at each object. */
const known = new WeakMap<Type, ReadonlyMap<string, Property>>();

function propertiesOf(type: Type): ReadonlyMap<string, Property> {
  const before = known.get(type);
  if (before) return before;
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  const byName = [...grouped(rules, ({ propertyName }) => propertyName)];
  const made = new Map(byName.map(([name, own]) => [name, propertyOf(own)]));
  known.set(type, made);
  return made;
}

function propertyOf(rules: readonly Rule[]): Property {
  return {
    conditions: rules.flatMap(({ type, constraints }) =>
      type === 'conditionalValidation' ? [constraints[0]] : [],
    ),
    tests: rules.flatMap(testsOf),
    nested: rules.flatMap(({ context }) => context?.nested ?? [])[0]?.(),
  };
}

function testsOf({ constraintCls, constraints, propertyName, each, target }: Rule): Test[] {
  if (!constraintCls) return [];
  const validators = getMetadataStorage().getTargetValidatorConstraints(constraintCls);
  const { name: targetName } = target as Type;
  return validators.map(({ instance }) => (object, value) => {
    const about = { targetName, property: propertyName, object, value, constraints };
    const holds = (one: unknown) => instance.validate(one, about) === true;
    return each && Array.isArray(value) ? value.every(holds) : holds(value);
  });
}

/** What was sent, as its class, and what it nests as theirs; names that every object has, such as `toString`, are dropped. */
export function instanceOf<Body extends object>(type: Type<Body>, sent: object): Body {
  const properties = propertiesOf(type);
  const body = new type();
  for (const [name, value] of Object.entries(sent)) {
    if (name in Object.prototype) continue;
    const nested = properties.get(name)?.nested;
    body[name as keyof Body] = nested ? instancesOf(nested, value) : value;
  }
  return body;
}

function instancesOf(type: Type<object>, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => instancesOf(type, one));
  return isObject(value) ? instanceOf(type, value) : value;
}

/**
 * Whether class-validator has nothing to say against a body; where this is false, it is to be asked. It would
 * come to the same, but prepares a report of each property first.
 */
export function isSurelyValid(body: object): boolean {
  const properties = propertiesOf(body.constructor as Type);
  if (properties.size === 0 || !Object.keys(body).every((name) => properties.has(name))) return false;
  for (const [name, { conditions, tests, nested }] of properties) {
    const value: unknown = body[name as keyof object];
    if (!conditions.every((holds) => holds(body, value))) continue;
    if (!tests.every((holds) => holds(body, value))) return false;
    if (nested && !(Array.isArray(value) ? value.every(isValidObject) : isValidObject(value))) return false;
  }
  return true;
}

const isValidObject = (value: unknown) => isObject(value) && isSurelyValid(value);
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
