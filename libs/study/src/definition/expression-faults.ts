import { type CheckSetFault, compileCheckSet, constantFaults, constantsOf, environmentOf } from '#checks';
import { type Fault, pointerTo } from '#problem';
import { conditionsOf } from './conditions.js';
import type { Definition, ItemDefinition } from './definition.js';

/** An expression has a meaning only where these are what they should be. */
const SPOKEN_OF = ['/arms', '/visits', '/forms', '/codeLists'];

interface Placed<T> {
  readonly value: T;
  readonly pointer: string;
}

/**
 * What is wrong with constants, checks, derivations and conditions. `shape` are the faults of the input's shape: an expression is
 * judged where its own part and the study that it speaks of have none.
 */
export function expressionFaults(input: unknown, shape: readonly Fault[]): Fault[] {
  const places = shape.filter(({ code }) => code !== 'unknown-property').map(({ pointer }) => pointer);
  const isSound = (part: string) =>
    places.every((place) => place !== part && !place.startsWith(`${part}/`) && place !== '');
  if (!SPOKEN_OF.every(isSound)) return [];

  const definition = input as Definition;
  const placed = <T>(list: readonly T[] | undefined, pointer: string): Placed<T>[] =>
    Array.isArray(list)
      ? list
          .map((value, i) => ({ value, pointer: pointerTo(pointer, i) }))
          .filter((one) => isSound(one.pointer))
      : [];
  const checks = placed(definition.checks, '/checks');
  const derivations = placed(definition.derivations, '/derivations');
  const conditions = conditionsOf(definition).map(({ condition, pointer }) => ({
    value: condition,
    pointer,
  }));
  const constants = isSound('/constants') ? definition.constants : undefined;
  const environment = environmentOf(definition, constantsOf(constants));
  const placedLists = { checks, derivations, conditions };
  const compiled = compileCheckSet(
    {
      checks: checks.map(({ value }) => value),
      derivations: derivations.map(({ value }) => value),
      conditions: conditions.map(({ value }) => value),
    },
    environment,
  );
  const inPlace = (fault: CheckSetFault): Fault => {
    const [, list, index, ...rest] = fault.pointer.split('/');
    if (list === 'conditions') rest.pop();
    const part = placedLists[list as keyof typeof placedLists]?.[Number(index)];
    const where = fault.offset === undefined ? '' : `, at character ${fault.offset + 1}`;
    return {
      pointer: part ? [part.pointer, ...rest].join('/') : fault.pointer,
      code: fault.code,
      message: fault.message + where,
    };
  };
  const found = 'faults' in compiled ? compiled.faults.map(inPlace) : [];
  return [
    ...constantFaults(Object.keys(constants ?? {}), environment).map(({ name, ...fault }) => ({
      pointer: pointerTo('/constants', name),
      ...fault,
    })),
    ...checks.flatMap(reservedFaults),
    ...distinct(found),
    ...derivations.flatMap((one) => itemFaults(one, definition)),
  ];
}

/** Checks that every item has by its definition go by these names. */
const RESERVED = ['range', 'required'];

function reservedFaults({ value: { oid }, pointer }: Placed<{ oid: string }>): Fault[] {
  if (!RESERVED.includes(oid)) return [];
  return [{ pointer: `${pointer}/oid`, code: 'reserved', message: `${oid} is the check of an item itself` }];
}

/** A value is entered or computed, not both; and what is computed is not sealed. */
function itemFaults(
  { value: { item: oid }, pointer }: Placed<{ item: string }>,
  { forms }: Definition,
): Fault[] {
  const items: ItemDefinition[] = forms.flatMap((form) => form.groups.flatMap((group) => group.items));
  const item = items.find((one) => one.oid === oid);
  const fault = (message: string): Fault[] => [
    { pointer: `${pointer}/item`, code: 'not-applicable', message },
  ];
  if (item && !item.derived) return fault(`${oid} is entered: only a derived item has a derivation`);
  if (item?.identifying) return fault(`${oid} is identifying: its value must not be computed`);
  return [];
}

/** A check of several forms can be wrong for each of them in the same way. */
function distinct(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()];
}
