import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Pool } from 'pg';
import { type Caller, CurrentCaller, Needs } from '#access';
import { EventStore } from '#event-store';
import {
  AsOf,
  Cursor,
  Cursors,
  cursorScope,
  invalidParameter,
  Limit,
  linkNext,
  MinPosition,
  type Moment,
  parseCount,
  readPage,
} from '#http';
import { Problem } from '#problem';
import { Studies } from '#study';
import { canonicalKey } from '#values';
import { CasebookReader } from '../casebook-reader.js';
import { subjectStream } from '../casebook-stream.js';
import type { Reached } from '../lists.projection.js';
import { QueryFilterQuery } from './query.dto.js';
import { subjectOfQuery } from './query.js';
import type { QueryRow } from './query.projection.js';
import { showsQuery } from './query.view.js';
import { OneQueryAnswer, QueryCountsAnswer, QueryPage } from './query-answer.dto.js';
import { correctionsOf } from './query-corrections.js';
import { type CountGroup, countGroups, countQueries, countRows } from './query-count.projection.js';
import { type QueryFilter, queryOrigins, queryOwners } from './query-filter.js';
import {
  clockFor,
  listQueries,
  namesOf,
  type QueryPlaceInList,
  queriesAsOf,
} from './query-list.projection.js';
import { type QueryLook, QueryLooks } from './query-looks.service.js';
import { viewQuery, writersOf } from './query-view.js';

/** What is read of queries. */
@ApiTags('Queries')
@ApiBearerAuth()
@Controller('api/v1/studies/:study/queries')
@Needs('read casebook')
export class QueryReadController {
  constructor(
    private readonly looks: QueryLooks,
    private readonly casebooks: CasebookReader,
    private readonly studies: Studies,
    private readonly store: EventStore,
    private readonly pool: Pool,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'List queries',
    description: 'By subject and number. Whose turn it is, how old they are, and until when they are due.',
  })
  @ApiOkResponse({ type: QueryPage })
  async list(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Query() query: QueryFilterQuery,
    @Limit() limit: number,
    @Cursor() cursor: string | undefined,
    @AsOf() asOf: Moment | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const filter = parseFilter(query);
    const look = await this.looks.of(caller, study, { asOf, minPosition });
    const { scope, position, past } = look;
    reply.header('Daybook-Position', String(position));
    const listed = cursorScope(caller.id, `queries of ${study}`, {
      ...filter,
      overdue: query.overdue,
      ...(past && { at: position }),
    });
    const read = (after: QueryPlaceInList | undefined, most: number) =>
      past
        ? this.past(look, filter, after).then((rows) => rows.slice(0, most))
        : listQueries(this.pool, scope, filter, { after, limit: most });
    const placeOf = ({ subject, number }: QueryRow): QueryPlaceInList => [subject, number];
    const { items, nextCursor } = linkNext(
      reply,
      await readPage(this.cursors, { scope: listed, cursor, limit }, read, placeOf),
    );
    const names = await namesOf(
      this.pool,
      items.flatMap(({ state }) => writersOf(state)),
    );
    return {
      items: items.map((row) => {
        const { site, subject, state } = row;
        return viewQuery(state, { site, subject, names, ...clockFor(row, scope) });
      }),
      nextCursor,
    };
  }

  @Get('counts')
  @ApiOperation({
    summary: 'Count queries',
    description:
      'By site, first item, edit check or status: how many in each status, and the median age of those open or answered. The filters are those of the list.',
  })
  @ApiQuery({ name: 'by', enum: countGroups })
  @ApiOkResponse({ type: QueryCountsAnswer })
  async counts(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Query('by') by: string | undefined,
    @Query() query: QueryFilterQuery,
    @AsOf() asOf: Moment | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QueryCountsAnswer> {
    const group = oneOf('by', by, countGroups);
    if (group === undefined) throw invalidParameter('by', `one of ${countGroups.join(', ')}`);
    const filter = parseFilter(query);
    const look = await this.looks.of(caller, study, { asOf, minPosition });
    reply.header('Daybook-Position', String(look.position));
    return { by: group, items: await this.count(look, filter, group) };
  }

  @Get(':query')
  @ApiOperation({
    summary: 'One query',
    description: 'With its thread, and what was entered or corrected because of it.',
  })
  @ApiOkResponse({ type: OneQueryAnswer })
  async one(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Param('query') query: string,
    @AsOf() asOf: Moment | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const asked = { asOf, minPosition };
    const subject = subjectOfQuery(query) ?? '';
    const seen = await this.casebooks.read(caller, study, subject, asked);
    const { casebook, sight, position } = seen;
    const lineage = await this.studies.lineage(study, casebook.definition, seen.latest);
    const state = Object.hasOwn(casebook.queries, query) ? casebook.queries[query] : undefined;
    if (!state || !showsQuery(state, lineage.readAs(), sight))
      throw new Problem('not-found', 'There is no such thing here.');
    const at = await this.casebooks.instant(study, asked, seen);
    const times = seen.departed ? {} : await this.looks.times(study, at);
    const events = await this.store.readStream(study, subjectStream(subject), -1, position);
    const corrections = correctionsOf(events, query, lineage, sight);
    const names = await namesOf(this.pool, [...writersOf(state), ...corrections.map(({ by }) => by)]);
    reply.header('Daybook-Position', String(position));
    return {
      ...viewQuery(state, { site: casebook.site, subject, at, times, names }),
      corrections: corrections.map((one) => ({ ...one, byName: names.get(one.by) })),
    };
  }

  private count(look: QueryLook, filter: QueryFilter, by: CountGroup) {
    if (!look.past) return countQueries(this.pool, look.scope, filter, by);
    return this.past(look, filter).then((rows) => countRows(rows, by, look.scope));
  }

  /** In the list's order, from a place on. */
  private async past(
    { scope, position, shows }: QueryLook,
    filter: QueryFilter,
    [subject, number]: QueryPlaceInList = ['', 0],
  ): Promise<Reached<QueryRow>[]> {
    const rows = await queriesAsOf(this.pool, scope, filter, position, shows);
    return rows
      .filter((row) => row.subject > subject || (row.subject === subject && row.number > number))
      .sort((a, b) => (a.subject === b.subject ? a.number - b.number : a.subject < b.subject ? -1 : 1));
  }
}

/** @throws Problem invalid-request */
function parseFilter(query: QueryFilterQuery): QueryFilter {
  const { status, site, subject, visit, form, item, check } = query;
  const overdue = oneOf('overdue', query.overdue, ['true', 'false'] as const);
  const age = parseCount('age', query.age);
  return {
    ...{ status, site, subject, item, check },
    visit: visit && canonicalKey(visit),
    form: form && canonicalKey(form),
    origin: oneOf('origin', query.origin, queryOrigins),
    owner: oneOf('owner', query.owner, queryOwners),
    overdue: overdue && overdue === 'true',
    // No query is a century old, and no clock counts back without end.
    age: age && Math.min(age, 36_525),
  };
}

function oneOf<T extends string>(
  name: string,
  text: string | undefined,
  values: readonly T[],
): T | undefined {
  if (text === undefined || (values as readonly string[]).includes(text)) return text as T | undefined;
  throw invalidParameter(name, `one of ${values.join(', ')}`);
}
