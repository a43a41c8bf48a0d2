import fc from 'fast-check';
import type { OdmVersion } from '#odm';

/** Generators that models of ODM documents are put together from. */

export type Fields = Record<string, fc.Arbitrary<unknown>>;

/** Whatever XML can hold, and much of what it has to escape. */
export const text = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom('a\r\nb\tc', ' <b> & "c" ', "]]>'", '&amp;', 'Größe 𝒳', ''),
  )
  .map((value) => value.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ''));
export const name = text.filter((value) => value !== '');
export const dateTime = fc.constantFrom('2026-02-28T23:59:59Z', '2024-02-29T00:00:00.123+01:00');
export const uri = fc.constantFrom('https://example.org/a%20b?c=d#e', 'urn:oid:2.16', 'form.pdf', '');
export const yes = fc.constant(true);
export const positive = fc.integer({ min: 1, max: 999 });

export const translated = fc
  .uniqueArray(fc.tuple(fc.constantFrom('', 'en', 'de', 'de-CH', 'zh-Hant'), text), {
    minLength: 1,
    maxLength: 3,
    selector: ([language]) => language,
  })
  .map((entries) => Object.fromEntries(entries));

/** Texts where ODM 1.3.2 has one, without a language. */
export function plain(versions: readonly OdmVersion[], of = text): fc.Arbitrary<unknown> {
  return versions.includes('2.0') ? translated : of.map((value) => ({ '': value }));
}

/** Lists are absent rather than empty; of those with the same key, where they have one, the first stays. */
export function list(of: fc.Arbitrary<unknown>, ...keys: readonly string[]): fc.Arbitrary<unknown[]> {
  return fc.array(of, { minLength: 1, maxLength: 2 }).map((values) => {
    const seen = new Set<string>();
    return values.filter((value) => {
      const entries = keys
        .filter((key) => (value as Record<string, unknown>)[key] !== undefined)
        .map((key) => `${key} ${(value as Record<string, unknown>)[key]}`);
      if (entries.some((entry) => seen.has(entry))) return false;
      for (const entry of entries) seen.add(entry);
      return true;
    });
  });
}

/** A record with all keys of `always`, and any of `sometimes`. */
export function some<T>(always: Fields, sometimes: Fields = {}): fc.Arbitrary<T> {
  return fc
    .tuple(fc.record(always), fc.record(sometimes, { requiredKeys: [] }))
    .map(([first, second]) => ({ ...first, ...second }) as T);
}

/** The fields, if this version is among the versions. */
export function where(version: OdmVersion, versions: readonly OdmVersion[], fields: Fields): Fields {
  return versions.includes(version) ? fields : {};
}
