import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '#problem';

/** The most bytes an XML body may have. */
export const XML_BODY_LIMIT = 64 * 1_048_576;

/**
 * Lets routes, each named as `POST /api/v1/studies`, take XML beside JSON. Their body is then a stream that
 * nobody has read yet, so that who may not send it has cost nothing: read it with {@link xmlBody}.
 */
export function acceptXml(fastify: FastifyInstance, routes: readonly string[]): void {
  fastify.addContentTypeParser(
    ['application/xml', 'text/xml'],
    (request: FastifyRequest, payload, done: (error: Error | null, body?: unknown) => void) => {
      if (!routes.includes(`${request.method} ${request.routeOptions.url}`))
        done(new Problem('unsupported-media-type', 'A body here is JSON.'));
      else if (Number(request.headers['content-length']) > XML_BODY_LIMIT) done(tooLarge());
      else done(null, payload);
    },
  );
}

/**
 * The bytes of an XML body as they come; undefined for a body that is none. Reading throws the Problem
 * `body-too-large` where they are too many.
 */
export function xmlBody(body: unknown): AsyncIterable<Uint8Array> | undefined {
  return body instanceof Readable ? limited(body) : undefined;
}

/** A reader that stops early leaves a rest, which is let pass: else the connection would stand still for ever. */
async function* limited(body: Readable): AsyncGenerator<Uint8Array> {
  let size = 0;
  try {
    for await (const bytes of body.iterator({ destroyOnReturn: false })) {
      size += bytes.length;
      if (size > XML_BODY_LIMIT) throw tooLarge();
      yield bytes;
    }
  } finally {
    body.resume();
  }
}

function tooLarge(): Problem {
  return new Problem('body-too-large', 'An XML body has at most 64 MiB.');
}
