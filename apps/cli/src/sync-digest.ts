import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** SHA-256 in hexadecimal. */
export async function digestOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

/** Undefined of a file that cannot be read. */
export function digestOfFile(path: string): Promise<string | undefined> {
  return digestOf(createReadStream(path)).catch(() => undefined);
}
