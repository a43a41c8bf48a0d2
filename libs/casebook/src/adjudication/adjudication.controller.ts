import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Pool } from 'pg';
import { authorise, type Caller, CurrentCaller, Needs, WriteCall } from '#access';
import { acknowledge, type Call, Runner, Streams } from '#commands';
import { EventStore, momentOf } from '#event-store';
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
  readPage,
} from '#http';
import { Problem } from '#problem';
import { Studies } from '#study';
import { CASEBOOK_COMMANDS, type CasebookCommands } from '../casebook.commands.js';
import { authoriseOn, casebooks, subjectStream } from '../casebook-stream.js';
import {
  AdjudicationPage,
  OpinionRecordedAnswer,
  PacketAnswer,
  RecordOpinionBody,
} from './adjudication.dto.js';
import type { AdjudicationRow } from './adjudication.projection.js';
import { viewPacket } from './adjudication.view.js';
import { listAdjudications, listAdjudicationsAsOf } from './adjudication-list.projection.js';

const statuses = ['pending', 'disagreement', 'adjudicated'];

@ApiTags('Adjudication')
@ApiBearerAuth()
@Controller('api/v1/studies/:study/adjudications')
export class AdjudicationController {
  constructor(
    private readonly runner: Runner<Caller>,
    @Inject(CASEBOOK_COMMANDS) private readonly commands: CasebookCommands,
    private readonly streams: Streams,
    private readonly store: EventStore,
    private readonly studies: Studies,
    private readonly pool: Pool,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Needs('read adjudications')
  @ApiOperation({ summary: 'Deaths that the endpoint committee adjudicates' })
  @ApiQuery({ name: 'status', required: false, enum: statuses })
  @ApiOkResponse({ type: AdjudicationPage })
  async list(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Query('status') status: string | undefined,
    @Limit() limit: number,
    @Cursor() cursor: string | undefined,
    @AsOf() asOf: Moment | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    authorise(caller, 'read adjudications', study);
    if (status !== undefined && !statuses.includes(status))
      throw invalidParameter('status', `one of ${statuses.join(', ')}`);
    const { position, past } = await momentOf(this.store, study, { asOf, minPosition });
    reply.header('Daybook-Position', String(position));
    const { versions } = await this.studies.publications(study);
    const at = past ? await this.store.recordedAt(study, position) : undefined;
    const then = versions.findLast(({ publishedAt }) => at === undefined || publishedAt <= at);
    if (!then?.definition.adjudication) return { items: [], nextCursor: null };
    const scope = cursorScope(caller.id, `adjudications of ${study}`, {
      status,
      ...(past && { at: position }),
    });
    const read = (after: readonly [string] | undefined, most: number) => {
      const slice = { study, after: after?.[0], limit: most };
      return past
        ? listAdjudicationsAsOf(this.pool, slice, status, position)
        : listAdjudications(this.pool, slice, status);
    };
    const { items, nextCursor } = linkNext(
      reply,
      await readPage(this.cursors, { scope, cursor, limit }, read, (row) => [row.subject] as const),
    );
    return { items: items.map((row) => viewRow(row, caller)), nextCursor };
  }

  @Get(':subject')
  @Needs('read adjudications')
  @ApiOperation({
    summary: 'What the committee is shown of a death',
    description:
      'The casebook without the arm, surgery, the site’s cause of death, and what identifies the subject.',
  })
  @ApiOkResponse({ type: PacketAnswer })
  async packet(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Param('subject') subject: string,
    @AsOf() asOf: Moment | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { position, past } = await momentOf(this.store, study, { asOf, minPosition });
    const stream = subjectStream(subject);
    const now = await this.streams.current(study, stream, casebooks);
    authoriseOn(now.state, 'read adjudications', { caller, log: study });
    const { state } = past ? await this.streams.asOf(study, stream, casebooks, position) : now;
    // Before its enrolment a casebook follows no version.
    const lineage =
      state.died === undefined
        ? undefined
        : await this.studies.lineage(study, state.definition, now.state.definition);
    if (!lineage?.followed.definition.adjudication)
      throw new Problem('not-found', 'There is no such thing here.');
    reply.header('Daybook-Position', String(position));
    return viewPacket(state, lineage, caller.id);
  }

  @Post(':subject/opinions')
  @Needs('RecordOpinion')
  @ApiOperation({
    summary: 'Record an opinion of the cause of death',
    description: 'Two opinions that agree decide; where they differ, a third member’s is final.',
  })
  @ApiCreatedResponse({ type: OpinionRecordedAnswer })
  async opine(
    @WriteCall() call: Call<Caller>,
    @Param('subject') subject: string,
    @Body() { cause, comment }: RecordOpinionBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OpinionRecordedAnswer> {
    const command = { subject, cause, ...(comment && { comment }) };
    const receipt = await this.runner.run(this.commands.RecordOpinion, command, call);
    acknowledge(reply, receipt);
    const { opinion } = receipt.events[0]!.data as { opinion: number };
    const decided = receipt.events.find(({ type }) => type === 'EndpointAdjudicated');
    const status = decided ? 'adjudicated' : opinion === 2 ? 'disagreement' : 'pending';
    return {
      subjectKey: subject,
      opinion,
      status,
      cause: (decided?.data as { cause: string })?.cause ?? null,
    };
  }
}

function viewRow({ subject, status, died, members }: AdjudicationRow, { id }: Caller) {
  return { subjectKey: subject, status, died, opinions: members.length, own: members.includes(id) };
}
