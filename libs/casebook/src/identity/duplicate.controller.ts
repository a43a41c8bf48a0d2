import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Pool } from 'pg';
import { type Caller, CurrentCaller, Needs, sitesFor } from '#access';
import { EventStore, Follower, momentOf } from '#event-store';
import { Cursor, Cursors, cursorScope, Limit, linkNext, MinPosition, readPage } from '#http';
import { Problem } from '#problem';
import { DuplicatePage } from './duplicate.dto.js';
import { type DuplicatePair, listDuplicates } from './duplicate.projection.js';

/** DI token of the follower that keeps the fingerprints of subjects. */
export const DUPLICATE_FOLLOWER = Symbol('DuplicateFollower');

@ApiTags('Subjects')
@ApiBearerAuth()
@Controller('api/v1/studies/:study/duplicates')
export class DuplicateController {
  constructor(
    @Inject(DUPLICATE_FOLLOWER) private readonly follower: Follower,
    private readonly store: EventStore,
    private readonly pool: Pool,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Needs('read duplicates')
  @ApiOperation({
    summary: 'Subjects who may be the same person',
    description: 'Pairs alike in one of the keys that the definition names; what is alike is not told.',
  })
  @ApiOkResponse({ type: DuplicatePage })
  async list(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Limit() limit: number,
    @Cursor() cursor: string | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const sites = sitesFor(caller, 'read duplicates', study);
    const { position } = await momentOf(this.store, study, { minPosition });
    if (!(await this.follower.reached(study, position)))
      throw new Problem('unavailable', 'The comparison of subjects has not caught up with the log yet.');
    reply.header('Daybook-Position', String(position));
    const scope = cursorScope(caller.id, `duplicates of ${study}`, {});
    const { items, nextCursor } = linkNext(
      reply,
      await readPage(
        this.cursors,
        { scope, cursor, limit },
        (after: readonly [string, string] | undefined, most) =>
          listDuplicates(this.pool, study, sites, after, most),
        ({ first, second }) => [first, second] as const,
      ),
    );
    return { items: items.map(viewPair), nextCursor };
  }
}

function viewPair({ first, firstSite, second, secondSite, items }: DuplicatePair) {
  return {
    subjects: [
      { subjectKey: first, site: firstSite },
      { subjectKey: second, site: secondSite },
    ],
    items,
  };
}
