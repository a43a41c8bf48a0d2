import { isCompleteDate } from '#values';

/** How one value is spelled in an attribute or as the text of an element; undefined: it cannot be. */
export interface Lexical<V> {
  parse(text: string): V | undefined;
  /** `lose` is told what of the value the spelling leaves out. */
  print(value: V, lose: (reason: string) => void): string | undefined;
}

function strings(isValid: (text: string) => boolean): Lexical<string> {
  const check = (text: string) => (isValid(text) ? text : undefined);
  return { parse: check, print: check };
}

/** Types whose surrounding white space XML Schema does not count. */
function collapsed(isValid: (text: string) => boolean): Lexical<string> {
  const { parse, print } = strings(isValid);
  return { parse: (text) => parse(text.trim()), print };
}

function integers(least: number): Lexical<number> {
  const isValid = (value: number) => Number.isSafeInteger(value) && value >= least;
  return {
    parse(text) {
      const value = Number(text.trim());
      return /^[+-]?\d+$/.test(text.trim()) && isValid(value) ? value : undefined;
    },
    print: (value) => (isValid(value) ? String(value) : undefined),
  };
}

export const text = strings(() => true);
/** OIDs, names and keys: anything but the empty string. */
export const name = strings((value) => value !== '');
export const integer = integers(Number.MIN_SAFE_INTEGER);
export const nonNegative = integers(0);
export const positive = integers(1);
/** Kept as text: a decimal of XML Schema has no largest precision. */
export const decimal = collapsed((value) => /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(value));
export const date = collapsed((value) => isCompleteDate(value));
export const dateTime = collapsed(isDateTime);
/** Of xml:lang, where the empty string takes an inherited language back. */
export const language = strings((value) => /^([A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*)?$/.test(value));
/** RFC 3986's characters, escapes and single fragment; those beyond ASCII may stand for themselves. */
export const uri = strings((value) =>
  /^(?:[^\s#%<>"{}|\\^`[\]]|%[\da-f]{2})*(?:#(?:[^\s#%<>"{}|\\^`[\]]|%[\da-f]{2})*)?$/i.test(value),
);
/** XML Schema's ID and IDREF. */
export const id = strings((value) => /^[\p{L}_][\p{L}\p{N}._-]*$/u.test(value));
export const sasName = strings((value) => /^[A-Za-z_][A-Za-z0-9_]{0,7}$/.test(value));
export const sasFormat = strings((value) => /^[A-Za-z_$][A-Za-z0-9_.]{0,7}$/.test(value));

export const yesNo: Lexical<boolean> = {
  parse: (value) => (value === 'Yes' ? true : value === 'No' ? false : undefined),
  print: (value) => (value ? 'Yes' : 'No'),
};

/** An attribute that is either `Yes` or not there. */
export const yesOnly: Lexical<true> = {
  parse: (value) => (value === 'Yes' ? true : undefined),
  print: () => 'Yes',
};

/** An enumeration whose terms are our own. */
export function oneOf<const V extends string>(...values: readonly V[]): Lexical<V> {
  const known = new Map<string, V>(values.map((value) => [value, value]));
  return { parse: (value) => known.get(value), print: (value) => known.get(value) };
}

/** An enumeration that spells some of our terms otherwise: pairs of ours and its own. */
export function spelled<const V extends string>(pairs: ReadonlyArray<readonly [V, string]>): Lexical<V> {
  const ours = new Map(pairs.map(([value, spelling]) => [spelling, value]));
  const theirs = new Map<V, string>(pairs);
  return { parse: (value) => ours.get(value), print: (value) => theirs.get(value) };
}

function isDateTime(value: string): boolean {
  const [day = '', time = ''] = value.split('T');
  return (
    isCompleteDate(day) &&
    /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)?$/.test(time)
  );
}
