import {
  attribute,
  type Context,
  child,
  children,
  content,
  type Element,
  element,
  type Field,
  fixed,
  mapped,
  single,
  v13,
  v20,
} from './grammar.js';
import { type Lexical, language, name, text } from './lexical.js';
import type { Alias, Texts } from './texts.js';

export interface TranslatedText {
  lang?: string;
  text: string;
}

export const translatedText = element<TranslatedText>(
  'TranslatedText',
  [attribute('lang', 'xml:lang', language), v20(fixed('Type', 'text/plain')), content('text', text)],
  {
    leave(attributes) {
      const type = attributes.get('Type') ?? 'text/plain';
      return type === 'text/plain' ? undefined : `a text of type ${type}`;
    },
  },
);

/** An element of translated texts. */
export function texts(called: string): Element<Texts> {
  return mapped<Texts>(called, children('value', translatedText, { required: true }), {
    read: ({ value }, context) => byLanguage((value ?? []) as TranslatedText[], context),
    write: (value) => ({ value: translations(value) }),
  });
}

/** Of several texts in one language the first counts. */
export function byLanguage(list: readonly TranslatedText[], { lose }: Context): Texts {
  const read: Texts = {};
  for (const { lang = '', text } of list) {
    if (Object.hasOwn(read, lang)) lose('a second text in the same language', 'TranslatedText');
    else read[lang] = text;
  }
  return read;
}

export function translations(value: Texts): TranslatedText[] {
  return Object.entries(value).map(([lang, text]) => (lang === '' ? { text } : { lang, text }));
}

/** Texts where ODM 1.3.2 has plain text: the one without a language, else the first. */
export const plainTexts: Lexical<Texts> = {
  parse: (value) => ({ '': value }),
  print(value, lose) {
    const [first] = Object.entries(value);
    if (!first) return undefined;
    const plain = value[''] ?? first[1];
    if (Object.keys(value).length > 1) lose('it has room for one text only');
    if (value[''] === undefined) lose('it has no room for the language');
    return plain;
  },
};

/** Translated texts in 2.0 where 1.3.2 has an attribute of plain text. */
export function attributeOrTexts<K extends string>(
  key: K,
  called: string,
): [Field<K, Texts>, Field<K, Texts>] {
  return [v13(attribute(key, called, plainTexts)), v20(child(key, texts(called)))];
}

export function textElement(called: string, spelling: Lexical<string> = text): Element<string> {
  return single(called, content('value', spelling));
}

/** An element that only refers, such as `<CodeListRef CodeListOID="…"/>`. */
export function reference(called: string, oid: string): Element<string> {
  return single(called, attribute('value', oid, name, { required: true }));
}

export const alias = element<Alias>('Alias', [
  attribute('context', 'Context', text, { required: true }),
  attribute('name', 'Name', text, { required: true }),
]);

/** xs:unique of most definitions. */
export const uniqueAlias = ['Alias', 'Context'] as const;
