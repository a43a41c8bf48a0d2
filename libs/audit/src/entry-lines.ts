const CHUNK = 65_536;

/** Entries as lines, several of them together in chunks of about so many characters. */
export async function* entryLines(entries: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = '';
  for await (const entry of entries) {
    chunk += `${entry}\n`;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk) yield chunk;
}
