import type { ItemDef, ItemRef, CodeList as OdmCodeList, RangeCheck } from '#odm';
import type { Bounds, CodeList, ItemDefinition, ItemType } from '../definition/definition.js';
import { DEFAULT_LENGTH } from '../definition/item-value.js';
import { extensionOf } from './odm-extension.js';
import type { Place } from './odm-place.js';
import { lineOf, textOf } from './odm-texts.js';

const LONGEST_TEXT = 4000;
const KEPT = 'kept for exports, but not applied';

/** What an item is made with beside its own element. */
export interface ItemSources {
  /** The name of a unit by the OID of its MeasurementUnit. */
  unit(oid: string): string | undefined;
  /** Of a code list by its OID in ODM; undefined for one without codes. */
  codeList(oid: string): string | undefined;
  /** Of the code list for yes or no. */
  booleans(): string;
}

/** An item of a definition. What it cannot express is noted at its place. */
export function itemFromOdm(
  oid: string,
  item: ItemDef,
  ref: ItemRef,
  sources: ItemSources,
  place: Place,
): ItemDefinition {
  const { oid: _, ...extension } = extensionOf(item);
  const unitOid = item.measurementUnitOids?.[0];
  const unit = unitOid === undefined ? undefined : sources.unit(unitOid);
  const codeList = codeListOf(item, sources);
  const type = codeList === undefined ? typeOf(item, place) : 'code';
  const isNumber = type === 'integer' || type === 'decimal';
  const range = isNumber ? rangeOf(item, type, place) : undefined;
  if (!isNumber && item.rangeChecks)
    place.note('RangeCheck', `checks of other values than numbers are ${KEPT}`);
  if ((item.measurementUnitOids?.length ?? 0) > 1)
    place.note('MeasurementUnitRef', `further units are ${KEPT}`);
  return {
    oid,
    label: place.line(textOf(item.question) ?? textOf(item.description) ?? item.name),
    type,
    ...(unit !== undefined && { unit: lineOf(unit) }),
    ...(type === 'text' && lengthOf(item, place)),
    ...(codeList !== undefined && { codeList }),
    ...(range && { range }),
    presence: presenceOf(ref),
    ...extension,
  };
}

/** A definition's codes are text. */
export function codeListFromOdm(oid: string, list: OdmCodeList, place: Place): CodeList | undefined {
  if (!list.items || list.items.length === 0) return undefined;
  return {
    oid,
    label: place.line(list.name),
    codes: inOrder(list.items).map(({ codedValue, decode }) => ({
      code: codedValue,
      label: place.line(textOf(decode) ?? codedValue),
    })),
  };
}

/** By order number where all have one; those of one number, and all others, as they come. */
export function inOrder<T extends { orderNumber?: number }>(list: readonly T[]): readonly T[] {
  if (list.some(({ orderNumber }) => orderNumber === undefined)) return list;
  return [...list].sort((a, b) => a.orderNumber! - b.orderNumber!);
}

function codeListOf({ codeListOid, dataType }: ItemDef, sources: ItemSources): string | undefined {
  if (codeListOid !== undefined) return sources.codeList(codeListOid);
  return dataType === 'boolean' ? sources.booleans() : undefined;
}

function typeOf({ dataType }: ItemDef, place: Place): ItemType {
  switch (dataType) {
    case 'text':
    case 'string':
      return 'text';
    case 'integer':
      return 'integer';
    case 'decimal':
    case 'float':
    case 'double':
      return 'decimal';
    case 'date':
      return 'date';
    case 'partialDate':
      return 'partialDate';
    default:
      place.note('@DataType', `${dataType} is entered as text, whose form is not checked`);
      return 'text';
  }
}

function lengthOf({ length = LONGEST_TEXT }: ItemDef, place: Place): { length?: number } {
  if (length > LONGEST_TEXT) place.note('@Length', `a text has up to ${LONGEST_TEXT} characters here`);
  return length === DEFAULT_LENGTH ? {} : { length: Math.min(length, LONGEST_TEXT) };
}

/** What is not collected under some condition is required only where the condition does not hold. */
function presenceOf({ mandatory, collectionExceptionConditionOid }: ItemRef): ItemDefinition['presence'] {
  if (!mandatory) return 'optional';
  return collectionExceptionConditionOid === undefined ? 'mandatory' : 'conditional';
}

function rangeOf(item: ItemDef, type: ItemType, place: Place): ItemDefinition['range'] {
  const range: { soft?: Bounds; hard?: Bounds } = {};
  for (const check of item.rangeChecks ?? []) {
    const bounds = boundsOf(check, type, place);
    if (!bounds) {
      place.note('RangeCheck', `checks other than of least and largest values are ${KEPT}`);
      continue;
    }
    const level = check.softHard === 'Hard' ? 'hard' : 'soft';
    range[level] = tighter(range[level] ?? {}, bounds);
  }
  return range.soft || range.hard ? range : undefined;
}

function boundsOf({ comparator, values, itemOid }: RangeCheck, type: ItemType, place: Place) {
  const [text, ...more] = values ?? [];
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value) || more.length > 0 || itemOid !== undefined) return undefined;
  const whole = type === 'integer';
  if (!whole && (comparator === 'GT' || comparator === 'LT'))
    place.in('RangeCheck').note('@Comparator', 'the bound itself is allowed, too');
  switch (comparator) {
    case 'GE':
      return { min: value };
    case 'GT':
      return { min: whole ? Math.floor(value) + 1 : value };
    case 'LE':
      return { max: value };
    case 'LT':
      return { max: whole ? Math.ceil(value) - 1 : value };
    default:
      return undefined;
  }
}

function tighter(a: Bounds, b: Bounds): Bounds {
  const min = Math.max(a.min ?? -Infinity, b.min ?? -Infinity);
  const max = Math.min(a.max ?? Infinity, b.max ?? Infinity);
  return { ...(min > -Infinity && { min }), ...(max < Infinity && { max }) };
}
