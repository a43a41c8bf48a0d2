/** Whatever is not a Char of XML 1.0 §2.2; lone surrogates are none either. */
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** The same string, with U+FFFD for characters that XML cannot hold. */
export function xmlChars(value: string): string {
  return value.replace(NOT_XML, '\ufffd');
}

/** Character data; a carriage return would otherwise be read back as a line feed (XML 1.0 §2.11). */
export function escapeText(value: string): string {
  return value.replace(/[&<>\r]/g, (char) => ENTITIES[char]!);
}

/** An attribute's value; bare white space would be read back as spaces (XML 1.0 §3.3.3). */
export function escapeAttribute(value: string): string {
  return value.replace(/[&<"\t\n\r]/g, (char) => ENTITIES[char]!);
}
