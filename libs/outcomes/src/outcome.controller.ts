import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Pool } from 'pg';
import { type Caller, CurrentCaller, sightOf, sitesFor } from '#access';
import { EventStore, Follower, momentOf } from '#event-store';
import { AsOf, Cursor, Cursors, cursorScope, Limit, linkNext, MinPosition, type Moment, page } from '#http';
import { Problem } from '#problem';
import { Studies } from '#study';
import { listOutcomes, listOutcomesAsOf } from './list.projection.js';

/** DI token of the follower that keeps the outcomes. */
export const OUTCOME_FOLLOWER = Symbol('OutcomeFollower');

@ApiTags('Outcomes')
@ApiBearerAuth()
@Controller('api/v1/studies/:study/outcomes')
export class OutcomeController {
  constructor(
    @Inject(OUTCOME_FOLLOWER) private readonly follower: Follower,
    private readonly store: EventStore,
    private readonly studies: Studies,
    private readonly pool: Pool,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @ApiOperation({ summary: 'One row a subject: start, end, days, event (0 censored, 1 event, 2 competing)' })
  @ApiQuery({ name: 'endpoint', required: false, example: 'DSDTH' })
  async list(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Query('endpoint') endpoint: string | undefined,
    @Limit() limit: number,
    @Cursor() cursor: string | undefined,
    @AsOf() asOf: Moment | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const sites = sitesFor(caller, 'read outcomes', study);
    const moment = await momentOf(this.store, study, { asOf, minPosition });
    const scope = cursorScope(caller.id, `outcomes of ${study}`, {
      endpoint,
      ...(moment.past && { at: moment.position }),
    });
    const after =
      cursor === undefined
        ? undefined
        : (this.cursors.decode(cursor, scope) as unknown as readonly [string, string]);
    const slice = { study, sites, endpoint, after, limit: limit + 1 };
    const rows = moment.past
      ? await listOutcomesAsOf(this.store, this.studies, slice, moment.position)
      : await this.current(slice, moment.position);
    reply.header('Daybook-Position', String(moment.position));
    const found = page(rows, limit, (row) => this.cursors.encode([row.endpoint, row.subject], scope));
    const { items, nextCursor } = linkNext(reply, found);
    return {
      items: items.map(({ study: _, subject, arm, ...row }) => ({
        subjectKey: subject,
        arm: sightOf(caller, study, row.site).arms ? arm : null,
        ...row,
      })),
      nextCursor,
    };
  }

  /** Rows that show everything that was acknowledged before the request came. */
  private async current(slice: Parameters<typeof listOutcomes>[1], position: number) {
    if (!(await this.follower.reached(slice.study, position))) {
      throw new Problem('unavailable', 'The outcomes have not caught up with the log yet.');
    }
    return listOutcomes(this.pool, slice);
  }
}
