import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '#problem';
import { parseStrictJson } from './strict-json.js';

/** The most bytes a JSON body may have. */
export const JSON_BODY_LIMIT = 1_048_576;

const utf8 = new TextDecoder('utf-8', { fatal: true });

const CHARSET = /;\s*charset\s*=\s*"?([^";\s]*)/i;

/**
 * Makes strict JSON, and lists of it as NDJSON, the only bodies that are read. Nest’s own parsers must be off (`bodyParser: false`).
 * A route that takes another media type adds a parser for it afterwards.
 */
export function acceptStrictJson(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addHook('onRequest', (request, _reply, done) => done(codedBody(request)));
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: JSON_BODY_LIMIT },
    (_request: FastifyRequest, body: Buffer, done) => done(null, parseStrictJson(decodeUtf8(body))),
  );
  fastify.addContentTypeParser(
    'application/x-ndjson',
    { parseAs: 'buffer', bodyLimit: JSON_BODY_LIMIT },
    (_request: FastifyRequest, body: Buffer, done) => done(null, parseLines(decodeUtf8(body))),
  );
}

/** A list with the value of each line that is not empty. */
function parseLines(text: string): unknown[] {
  return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [parseStrictJson(line)]));
}

/**
 * The text of a UTF-8 body; a byte order mark at its beginning is dropped.
 *
 * @throws Problem `malformed-json` for bytes that are not UTF-8.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    const message = 'The bytes are not UTF-8';
    throw new Problem('malformed-json', `${message}.`, {
      errors: [{ pointer: '', code: 'not-utf-8', message }],
    });
  }
}

function codedBody({ headers }: FastifyRequest): Problem | undefined {
  const coding = headers['content-encoding'] ?? 'identity';
  if (coding.toLowerCase() !== 'identity')
    return new Problem('unsupported-media-type', 'A body is sent without Content-Encoding.');
  const charset = CHARSET.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset)) return new Problem('unsupported-media-type', 'A body is sent in UTF-8.');
  return undefined;
}
