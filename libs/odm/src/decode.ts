import { TextDecoder } from 'node:util';

/** A document as it comes: its bytes in pieces, or text that was decoded before. */
export type Source = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

/** Small enough that a parser holds little beside what it keeps. */
const PIECE = 16 * 1024;

/** Thrown for bytes that are no text in the encoding that they claim. */
export class EncodingError extends Error {}

/** The document's text in pieces of at most 16 Ki characters. */
export async function* decode(source: Source): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  for await (const chunk of source) {
    if (typeof chunk === 'string') {
      yield* pieces(chunk);
      continue;
    }
    if (chunk.length === 0) continue;
    decoder ??= decoderFor(chunk);
    for (let at = 0; at < chunk.length; at += PIECE) {
      yield read(decoder, chunk.subarray(at, at + PIECE));
    }
  }
  if (decoder) yield read(decoder);
}

function* pieces(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += PIECE) yield text.slice(at, at + PIECE);
}

function read(decoder: TextDecoder, bytes?: Uint8Array): string {
  try {
    return decoder.decode(bytes, { stream: bytes !== undefined });
  } catch {
    throw new EncodingError(`The bytes are not ${decoder.encoding}.`);
  }
}

/** By the byte order mark, else by the XML declaration, else UTF-8 (XML 1.0, appendix F). */
function decoderFor(start: Uint8Array): TextDecoder {
  const [first, second] = start;
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be', { fatal: true });
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le', { fatal: true });
  const declaration = /^(?:\ufeff)?<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']/.exec(
    new TextDecoder().decode(start.subarray(0, 200)),
  );
  const label = declaration?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    throw new EncodingError(`The encoding ${label} is not read here.`);
  }
}
