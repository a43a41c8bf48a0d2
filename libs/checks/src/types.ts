/** A code list as expressions see it: labels by code. */
export interface Codes {
  readonly oid: string;
  readonly labels: ReadonlyMap<string, string>;
}

/** The static type of an expression. */
export type Type =
  | { readonly kind: 'bool' | 'int' | 'double' | 'date' }
  | { readonly kind: 'string'; readonly codes?: Codes }
  | { readonly kind: 'list'; readonly of: Type }
  | { readonly kind: 'map'; readonly key: Type; readonly value: Type }
  | RecordType
  /** Of the elements of `[]`: fits every type. */
  | { readonly kind: 'nothing' };

/** Something with named items: a form, a row of a repeating group, the visit. */
export interface RecordType {
  readonly kind: 'record';
  readonly name: string;
  readonly items: ReadonlyMap<string, ItemType>;
  /** Repeating groups of a form. */
  readonly groups: ReadonlyMap<string, RecordType>;
  /** Whether it belongs to the form being checked, as opposed to any form of the casebook. */
  readonly own: boolean;
}

export interface ItemType {
  /** Absent for what is no item of the study. */
  readonly oid?: string;
  readonly name: string;
  readonly type: Type;
}

export const BOOL: Type = { kind: 'bool' };
export const INT: Type = { kind: 'int' };
export const DOUBLE: Type = { kind: 'double' };
export const DATE: Type = { kind: 'date' };
export const TEXT: Type = { kind: 'string' };
export const listOf = (of: Type): Type => ({ kind: 'list', of });

export const isNumber = ({ kind }: Type) => kind === 'int' || kind === 'double';

export function nameOf(type: Type): string {
  switch (type.kind) {
    case 'list':
      return `list<${nameOf(type.of)}>`;
    case 'map':
      return `map<${nameOf(type.key)}, ${nameOf(type.value)}>`;
    case 'record':
      return type.name;
    default:
      return type.kind;
  }
}

/** The type that values of both have, if there is one. */
export function unify(a: Type, b: Type): Type | undefined {
  if (a === b || b.kind === 'nothing') return a;
  if (a.kind === 'nothing') return b;
  if (a.kind === 'string' && b.kind === 'string') return a.codes === b.codes ? a : TEXT;
  if (a.kind === 'list' && b.kind === 'list') {
    const of = unify(a.of, b.of);
    return of && listOf(of);
  }
  if (a.kind === 'map' && b.kind === 'map') {
    const key = unify(a.key, b.key);
    const value = unify(a.value, b.value);
    return key && value && { kind: 'map', key, value };
  }
  // What may be of another form reaches as far as that does.
  if (a.kind === 'record' && b.kind === 'record') return a.name === b.name ? (a.own ? b : a) : undefined;
  return a.kind === b.kind ? a : undefined;
}
