import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Cursors, cursorScope, linkNext, type Page, page } from '#http';

export interface Listing<T> {
  readonly items: readonly T[];
  /** Sorts, and says where the next page begins: unique, and the same for ever. */
  readonly keyOf: (item: T) => string;
  readonly caller: string;
  readonly name: string;
  readonly filters?: Parameters<typeof cursorScope>[2];
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** Pages of a list that fits in memory. */
@Injectable()
export class Listings {
  constructor(private readonly cursors: Cursors) {}

  pageOf<T>(
    reply: FastifyReply,
    { items, keyOf, caller, name, filters, limit, cursor }: Listing<T>,
  ): Page<T> {
    const scope = cursorScope(caller, name, filters);
    const after = cursor === undefined ? '' : String(this.cursors.decode(cursor, scope)[0]);
    const left = items.filter((item) => keyOf(item) > after).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    return linkNext(
      reply,
      page(left.slice(0, limit + 1), limit, (last) => this.cursors.encode([keyOf(last)], scope)),
    );
  }
}
