import type { FastifyReply } from 'fastify';

export interface Page<T> {
  items: T[];
  /** Null on the last page. */
  nextCursor: string | null;
}

/**
 * A page of at most `limit` items. `found` has one item more than the page when the list goes on:
 * ask the database for `limit + 1`.
 */
export function page<T>(found: readonly T[], limit: number, cursorAfter: (last: T) => string): Page<T> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const goesOn = found.length > limit && last !== undefined;
  return { items, nextCursor: goesOn ? cursorAfter(last) : null };
}

/** The RFC 8288 `Link` value to the next page: the request’s own address with another cursor. */
export function nextLink(requestUrl: string, cursor: string): string {
  const { pathname, searchParams } = new URL(requestUrl, 'http://localhost');
  searchParams.set('cursor', cursor);
  return `<${pathname}?${searchParams}>; rel="next"`;
}

/** Gives the page back after linking to the next one, if any. */
export function linkNext<T>(reply: FastifyReply, page: Page<T>): Page<T> {
  if (page.nextCursor !== null) reply.header('Link', nextLink(reply.request.url, page.nextCursor));
  return page;
}
