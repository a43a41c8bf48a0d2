import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Pool } from 'pg';
import { type Caller, CurrentCaller, sightOf, sitesFor, WriteCall } from '#access';
import { acknowledge, type Call, Runner } from '#commands';
import { EventStore, momentOf } from '#event-store';
import {
  AsOf,
  Cursor,
  Cursors,
  cursorScope,
  Limit,
  linkNext,
  MinPosition,
  type Moment,
  page,
  parseCount,
} from '#http';
import { Problem } from '#problem';
import { Studies } from '#study';
import { CASEBOOK_COMMANDS, type CasebookCommands } from './casebook.commands.js';
import type { QueryRow } from './casebook.projection.js';
import { listQueries, listQueriesAsOf, type QueryPlace } from './lists.projection.js';
import { canonicalAddress } from './plan.js';
import { QueryTextBody, RaiseQueryBody } from './query.dto.js';
import { showsQuery } from './query.view.js';
import type { QueryState } from './query-state.js';

const steps = {
  answer: 'AnswerQuery',
  close: 'CloseQuery',
  reopen: 'ReopenQuery',
  cancel: 'CancelQuery',
} as const;
const statusAfter = { answer: 'answered', close: 'closed', reopen: 'open', cancel: 'cancelled' } as const;

@ApiTags('Queries')
@ApiBearerAuth()
@Controller('api/v1/studies/:study')
export class QueryController {
  constructor(
    private readonly runner: Runner<Caller>,
    @Inject(CASEBOOK_COMMANDS) private readonly commands: CasebookCommands,
    private readonly store: EventStore,
    private readonly studies: Studies,
    private readonly pool: Pool,
    private readonly cursors: Cursors,
  ) {}

  @Post('subjects/:subject/queries')
  @ApiOperation({ summary: 'Raise a query on a form or an item' })
  async raise(
    @WriteCall() call: Call<Caller>,
    @Param('subject') subject: string,
    @Body() body: RaiseQueryBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const address = canonicalAddress(body);
    if (!address) throw new Problem('not-found', 'There is no such form.');
    const receipt = await this.runner.run(this.commands.RaiseQuery, { ...body, ...address, subject }, call);
    acknowledge(reply, receipt);
    const { query } = receipt.events[0]!.data as { query: string };
    reply.header('Location', `/api/v1/studies/${call.log}/queries/${query}`);
    return { query, subjectKey: subject, status: 'open' };
  }

  @Post('queries/:query/:step')
  @HttpCode(200)
  @ApiParam({ name: 'step', enum: Object.keys(steps) })
  @ApiOperation({
    summary: 'Answer, close, reopen or cancel a query',
    description: 'Only the legal next steps; 409 otherwise.',
  })
  async move(
    @WriteCall() call: Call<Caller>,
    @Param('query') query: string,
    @Param('step') step: keyof typeof steps,
    @Body() { text }: QueryTextBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    if (!Object.hasOwn(steps, step)) throw new Problem('not-found', 'There is no such step.');
    acknowledge(reply, await this.runner.run(this.commands[steps[step]], { query, text }, call));
    return { query, status: statusAfter[step] };
  }

  @Get('queries')
  @ApiOperation({ summary: 'List queries' })
  @ApiQuery({ name: 'age', required: false, description: 'Raised at least so many days ago' })
  @ApiQuery({ name: 'subject', required: false })
  @ApiQuery({ name: 'site', required: false })
  @ApiQuery({ name: 'status', required: false, enum: ['open', 'answered', 'closed', 'cancelled'] })
  async list(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Query('status') status: string | undefined,
    @Query('site') site: string | undefined,
    @Query('subject') subject: string | undefined,
    @Query('age') age: string | undefined,
    @Limit() limit: number,
    @Cursor() cursor: string | undefined,
    @AsOf() asOf: Moment | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const sites = sitesFor(caller, 'read casebook', study);
    const moment = await momentOf(this.store, study, { asOf, minPosition });
    const filter = { status, site, subject, age: parseAge(age) };
    const scope = cursorScope(caller.id, `queries of ${study}`, {
      ...filter,
      ...(moment.past && { at: moment.position }),
    });
    const after =
      cursor === undefined ? undefined : (this.cursors.decode(cursor, scope) as unknown as QueryPlace);
    const slice = { study, sites, after, limit: limit + 1 };
    const rows = moment.past
      ? await listQueriesAsOf(this.pool, slice, filter, {
          ...moment,
          instant: await this.store.recordedAt(study, moment.position),
        })
      : await listQueries(this.pool, slice, filter);
    reply.header('Daybook-Position', String(moment.position));
    const found = page(rows, limit, (row) => this.cursors.encode([row.subject, row.number], scope));
    const { items, nextCursor } = linkNext(reply, found);
    const { version } = await this.studies.current(study);
    const definition = (await this.studies.lineage(study, version)).readAs();
    const shown = items.filter((row) => showsQuery(row.state, definition, sightOf(caller, study, row.site)));
    return { items: shown.map(viewRow), nextCursor };
  }
}

/** In days. No query is a century old, and no clock counts back without end. */
function parseAge(text: string | undefined): number | undefined {
  const age = parseCount('age', text);
  return age === undefined ? undefined : Math.min(age, 36_525);
}

function viewRow({ site, subject, state }: QueryRow) {
  const {
    query,
    visit,
    form,
    item,
    group,
    row,
    items,
    text,
    check,
    status,
    raisedAt,
    changedAt,
    messages,
  }: QueryState = state;
  return {
    query,
    subjectKey: subject,
    site,
    visit,
    form,
    item,
    group,
    rowKey: row,
    items: items ?? (item === undefined ? [] : [item]),
    text,
    status,
    origin: check === undefined ? 'person' : 'check',
    check,
    raisedAt,
    changedAt,
    messages,
  };
}
