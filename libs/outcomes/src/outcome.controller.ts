import { Readable } from 'node:stream';
import { Controller, Get, Headers, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Pool } from 'pg';
import { type Caller, CurrentCaller, Needs, sightOf, sitesFor } from '#access';
import { EventStore, Follower, momentOf } from '#event-store';
import {
  AsOf,
  answerRows,
  Cursor,
  Cursors,
  cursorScope,
  invalidParameter,
  Limit,
  linkNext,
  MinPosition,
  type Moment,
  negotiate,
  readPage,
  rowFormats,
} from '#http';
import { Problem } from '#problem';
import { Studies } from '#study';
import { isCompleteDate } from '#values';
import { endpointOf, noEndpoint } from './curve.projection.js';
import { listOutcomes, listOutcomesAsOf, type OutcomeSlice } from './list.projection.js';
import { AnswersOutcomes } from './outcome.dto.js';
import { endpointsTellingArmsApart, type OutcomeRow } from './outcome.projection.js';
import { outcomeColumns, showOutcome } from './outcome-view.js';

/** DI token of the follower that keeps the outcomes. */
export const OUTCOME_FOLLOWER = Symbol('OutcomeFollower');

const ALL = Number.MAX_SAFE_INTEGER;

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
  @Needs('read outcomes')
  @ApiOperation({
    summary: 'One row a subject and endpoint: start, end, days, event (0 censored, 1 event, 2 competing)',
    description:
      'With the variables of ADaM’s ADTTE, and where in the casebook the dates stand. Endpoints whose rows tell the arms apart do not exist for whoever is blinded. JSON comes in pages; NDJSON and CSV are the whole result.',
  })
  @ApiQuery({ name: 'endpoint', required: false, example: 'DSDTH' })
  @ApiQuery({ name: 'cutOff', required: false, example: '2026-12-31', description: 'Nothing later counts.' })
  @AnswersOutcomes()
  async list(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Query('endpoint') endpoint: string | undefined,
    @Query('cutOff') cutOff: string | undefined,
    @Limit() limit: number,
    @Cursor() cursor: string | undefined,
    @AsOf() asOf: Moment | undefined,
    @MinPosition() minPosition: number | undefined,
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const sites = sitesFor(caller, 'read outcomes', study);
    if (cutOff !== undefined && !isCompleteDate(cutOff)) {
      throw invalidParameter('cutOff', 'an existing date, YYYY-MM-DD');
    }
    const format = negotiate(accept, rowFormats);
    const revealing = await endpointsTellingArmsApart(this.studies, study);
    const withheld = sightOf(caller, study, undefined).arms ? [] : revealing;
    if (endpoint !== undefined && withheld.includes(endpoint)) throw noEndpoint();
    if (endpoint !== undefined) await endpointOf(this.studies, study, endpoint);
    const moment = await momentOf(this.store, study, { asOf, minPosition });
    const scope = cursorScope(caller.id, `outcomes of ${study}`, {
      endpoint,
      cutOff,
      ...(moment.past && { at: moment.position }),
    });
    const read = (after: readonly [string, string] | undefined, most: number) => {
      const slice = { study, sites, endpoint, withheld, cutOff, after, limit: most };
      return moment.past
        ? listOutcomesAsOf(this.store, this.studies, slice, moment.position)
        : this.current(slice, moment.position);
    };
    const seesArms = (site: string) => sightOf(caller, study, site).arms;
    const shown = (rows: readonly OutcomeRow[]) =>
      rows
        .filter((row) => seesArms(row.site) || !revealing.includes(row.endpoint))
        .map((row) => showOutcome(row, seesArms(row.site)));
    reply.header('Daybook-Position', String(moment.position));
    if (format !== 'application/json')
      return answerRows(reply, format, outcomeColumns, Readable.from(shown(await read(undefined, ALL))));
    const { items, nextCursor } = linkNext(
      reply,
      await readPage(
        this.cursors,
        { scope, cursor, limit },
        read,
        (row) => [row.endpoint, row.subject] as const,
      ),
    );
    reply.header('Vary', 'Accept').send({ items: shown(items), nextCursor });
  }

  /** Rows that show everything that was acknowledged before the request came. */
  private async current(slice: OutcomeSlice, position: number) {
    if (!(await this.follower.reached(slice.study, position))) {
      throw new Problem('unavailable', 'The outcomes have not caught up with the log yet.');
    }
    return listOutcomes(this.pool, slice);
  }
}
