/** The bytes of a base64 text (RFC 4648 §4), or undefined unless it is the one canonical encoding of them. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
