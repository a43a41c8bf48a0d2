import { same } from '../definition/diff.js';

/** By which of these the elements of a list are told apart, the first that they have. */
const keys = ['oid', 'itemOid', 'itemGroupOid', 'formOid', 'studyEventOid', 'codedValue', 'context'] as const;

type Keyed = Record<string, unknown>;

/**
 * Takes over into `theirs` what changed from `base` to `ours`: all three are one JSON document, `base` being
 * what we make of `theirs`. Where both say something else than `base`, ours counts. Undefined is absence.
 */
export function threeWay(base: unknown, theirs: unknown, ours: unknown): unknown {
  if (same(base, ours)) return theirs;
  if (same(base, theirs) || same(ours, theirs)) return ours;
  if (isRecord(theirs) && isRecord(ours)) return mergeRecords(isRecord(base) ? base : {}, theirs, ours);
  const lists = [base ?? [], theirs, ours].map(keyedList);
  const [old, their, our] = lists;
  return old && their && our ? mergeLists(old, their, our) : ours;
}

function mergeRecords(base: Keyed, theirs: Keyed, ours: Keyed): Keyed {
  const names = new Set([...Object.keys(theirs), ...Object.keys(ours)]);
  return Object.fromEntries(
    [...names]
      .map((name) => [name, threeWay(base[name], theirs[name], ours[name])] as const)
      .filter(([, value]) => value !== undefined),
  );
}

type KeyedList = ReadonlyMap<string, unknown>;

/** Their order, unless ours changed it; what only they have comes last then. */
function mergeLists(base: KeyedList, theirs: KeyedList, ours: KeyedList): unknown[] {
  const reordered = !same([...base.keys()], [...ours.keys()]);
  const order = reordered ? [...ours.keys(), ...theirs.keys()] : [...theirs.keys(), ...ours.keys()];
  return [...new Set(order)]
    .map((key) => threeWay(base.get(key), theirs.get(key), ours.get(key)))
    .filter((element) => element !== undefined);
}

/** Undefined for what is no list, or one whose elements have no keys. */
function keyedList(value: unknown): KeyedList | undefined {
  if (!Array.isArray(value)) return undefined;
  const pairs = value.map((element: unknown) => [keyOf(element), element] as const);
  const list = new Map(pairs.filter((pair): pair is [string, unknown] => pair[0] !== undefined));
  return list.size === value.length ? list : undefined;
}

function keyOf(element: unknown): string | undefined {
  if (!isRecord(element)) return undefined;
  const key = keys.map((name) => element[name]).find((value) => value !== undefined);
  return typeof key === 'string' ? key : undefined;
}

function isRecord(value: unknown): value is Keyed {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
