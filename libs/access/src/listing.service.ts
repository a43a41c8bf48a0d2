import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Cursors, cursorScope, linkNext, type Page, readPage } from '#http';

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

  async pageOf<T>(
    reply: FastifyReply,
    { items, keyOf, caller, name, filters, limit, cursor }: Listing<T>,
  ): Promise<Page<T>> {
    const scope = cursorScope(caller, name, filters);
    const read = async (after: readonly [string] | undefined, most: number) =>
      items
        .filter((item) => keyOf(item) > (after?.[0] ?? ''))
        .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
        .slice(0, most);
    const placeOf = (item: T) => [keyOf(item)] as const;
    return linkNext(reply, await readPage(this.cursors, { scope, cursor, limit }, read, placeOf));
  }
}
