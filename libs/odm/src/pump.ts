import { decode, EncodingError, type Source } from './decode.js';
import type { ElementReader, ReadLimits } from './element-reader.js';
import type { Faults } from './faults.js';
import { xmlFeed } from './xml-feed.js';

/** Feeds a document to its reader; comes up for air after each piece, and throws the faults at the end. */
export async function* pump(
  source: Source,
  reader: ElementReader,
  faults: Faults,
  limits: ReadLimits,
): AsyncGenerator<void> {
  const feed = xmlFeed(reader, limits);
  try {
    for await (const piece of decode(source)) {
      feed.write(piece);
      yield;
    }
  } catch (error) {
    if (error instanceof EncodingError) reader.refuse('encoding', error.message, { line: 1, column: 0 });
    throw error;
  }
  feed.end();
  faults.raise();
}
