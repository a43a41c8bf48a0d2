import type { Lexical } from './lexical.js';
import type { OdmVersion } from './version.js';

/**
 * A grammar says once how our model and ODM's XML correspond; the reader and the writer both follow it,
 * so that they cannot disagree, and whatever it does not name is reported rather than dropped.
 */

/** An element's content by the keys of our model, before the element's own `read` and after its `write`. */
export type Raw = Record<string, unknown>;

export interface Context {
  readonly version: OdmVersion;
  /** Reports what this step leaves out; `part` is a name below the element. */
  lose(reason: string, part?: string): void;
}

type Part =
  | { kind: 'attribute'; name: string; lexical: Lexical<unknown>; options: AttributeOptions }
  | { kind: 'fixed'; name: string; value: string }
  | { kind: 'content'; lexical: Lexical<unknown> }
  | { kind: 'child'; elements: readonly Element[]; options: ChildOptions }
  | { kind: 'children'; elements: readonly Element[]; options: ChildrenOptions }
  | { kind: 'omitted'; name: string; reason: string };

export interface AttributeOptions {
  required?: boolean;
  /** Written, and reported, where a required value is missing or has no spelling in this version. */
  otherwise?: string;
}

export interface ChildOptions {
  required?: boolean;
  /** A required element that is written empty where there is nothing to say. */
  blank?: boolean;
}

export interface ChildrenOptions {
  required?: boolean;
  /** Read as an empty array where there are none; otherwise the key is absent. */
  always?: boolean;
}

/** `V` is the type under key `K`; the key is empty for what has no place in the model. */
export interface Field<K extends string = string, V = unknown> {
  readonly key: K;
  readonly part: Part;
  readonly only?: OdmVersion;
  readonly type?: V;
}

/** The fields that can fill a `T`. */
export type FieldOf<T> =
  | { [K in keyof T & string]: Field<K, NonNullable<T[K]>> }[keyof T & string]
  | Field<'', never>;

/** `V` is what the element is read into. */
export interface Element<V = unknown> {
  readonly name: string;
  readonly fields: () => readonly Field[];
  readonly rules: Rules<unknown>;
  readonly type?: V;
}

export interface Rules<V> {
  read?(raw: Raw, context: Context): V | undefined;
  write?(value: V, context: Context): Raw;
  /** Values that no two children may share, as the schema's xs:unique has them: child (or `*`), attribute. */
  unique?: ReadonlyArray<readonly [child: string, attribute: string]>;
  /** What XML Schema asks of the content beyond presence; a fault's message, or undefined. */
  check?(raw: Raw): string | undefined;
  /** Why an element with such attributes is not carried at all. */
  leave?(attributes: ReadonlyMap<string, string>): string | undefined;
  /** Whether a value of ours is this element's, where several share a key. */
  fits?(value: V): boolean;
}

/**
 * An element whose content fills an object; `fields` come in the order of the schema. Where the object of the
 * fields (`T`) is not that of our model (`V`), the rules read one into the other and back.
 */
export function element<T extends object, V = T>(
  name: string,
  fields: ReadonlyArray<FieldOf<T>> | (() => ReadonlyArray<FieldOf<T>>),
  rules: Rules<V> = {},
): Element<V> {
  const list = typeof fields === 'function' ? fields : () => fields;
  return { name, fields: list as () => readonly Field[], rules };
}

/** An element that stands for one value: of its text, or of its only attribute or children. */
export function single<V>(
  name: string,
  field: Field<'value', V>,
  unique: NonNullable<Rules<V>['unique']> = [],
): Element<V> {
  return mapped(name, field, {
    read: ({ value }) => value as V | undefined,
    write: (value) => ({ value }),
    unique,
  });
}

/** An element whose only field is read into, and written from, something else. */
export function mapped<V>(
  name: string,
  field: Field<'value'>,
  rules: Rules<V> & Required<Pick<Rules<V>, 'read' | 'write'>>,
): Element<V> {
  return { name, fields: () => [field], rules };
}

export function attribute<K extends string, V>(
  key: K,
  name: string,
  lexical: Lexical<V>,
  options: AttributeOptions = {},
): Field<K, V> {
  return { key, part: { kind: 'attribute', name, lexical: lexical as Lexical<unknown>, options } };
}

/** An attribute that always has the same value. */
export function fixed(name: string, value: string): Field<'', never> {
  return { key: '', part: { kind: 'fixed', name, value } };
}

export function content<K extends string, V>(key: K, lexical: Lexical<V>): Field<K, V> {
  return { key, part: { kind: 'content', lexical: lexical as Lexical<unknown> } };
}

export function child<K extends string, V>(key: K, of: Element<V>, options: ChildOptions = {}): Field<K, V> {
  return { key, part: { kind: 'child', elements: [of], options } };
}

/** Several children under one key; where they have several names, `fits` tells which is written. */
export function children<K extends string, V>(
  key: K,
  of: Element<V> | ReadonlyArray<Element<V>>,
  options: ChildrenOptions = {},
): Field<K, V[]> {
  return { key, part: { kind: 'children', elements: [of].flat() as Element[], options } };
}

/** An element that is known and left to another reader. */
export function omitted(name: string, reason: string): Field<'', never> {
  return { key: '', part: { kind: 'omitted', name, reason } };
}

/** Only in ODM 1.3.2. */
export function v13<K extends string, V>(field: Field<K, V>): Field<K, V> {
  return { ...field, only: '1.3.2' };
}

/** Only in ODM 2.0. */
export function v20<K extends string, V>(field: Field<K, V>): Field<K, V> {
  return { ...field, only: '2.0' };
}
