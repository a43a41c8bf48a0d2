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
      const isTaken = routes.includes(`${request.method} ${request.routeOptions.url}`);
      if (isTaken) done(null, payload);
      else done(new Problem('unsupported-media-type', 'A body here is JSON.'));
    },
  );
}

/** The bytes of an XML body as they come; undefined for a body that is none. */
export function xmlBody(body: unknown): AsyncIterable<Uint8Array> | undefined {
  return body instanceof Readable ? limited(body) : undefined;
}

/** @throws Problem `body-too-large` */
async function* limited(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const bytes of body) {
    size += bytes.length;
    if (size > XML_BODY_LIMIT) throw new Problem('body-too-large', 'An XML body has at most 64 MiB.');
    yield bytes;
  }
}
