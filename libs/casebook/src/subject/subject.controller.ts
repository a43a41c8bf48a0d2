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
import { type Caller, CurrentCaller, Needs, sightOf, sitesFor, WriteCall } from '#access';
import { acknowledge, type Call, Runner } from '#commands';
import {
  AsOf,
  Cursor,
  Cursors,
  cursorScope,
  Limit,
  linkNext,
  MinPosition,
  type Moment,
  nameOfShown,
  readPage,
  strongETag,
  withHeaders,
} from '#http';
import { Problem } from '#problem';
import { Studies } from '#study';
import { CASEBOOK_COMMANDS, type CasebookCommands } from '../casebook.commands.js';
import { CasebookReader } from '../casebook-reader.js';
import { countStanding, queriesAsOf } from '../query/query-list.projection.js';
import { type QueryLook, QueryLooks } from '../query/query-looks.service.js';
import { isOpen } from '../query/query-state.js';
import {
  AllocateArmBody,
  CompleteSubjectBody,
  EnrolSubjectBody,
  FailScreeningBody,
  ReinstateSubjectBody,
  WithdrawSubjectBody,
} from './subject.dto.js';
import { viewSubject } from './subject.view.js';
import {
  AllocatedAnswer,
  CasebookAnswer,
  EnrolledAnswer,
  SubjectPage,
  SubjectStatusAnswer,
  WithdrawnAnswer,
} from './subject-answer.dto.js';
import { type ListedSubject, listSubjects, listSubjectsAsOf } from './subject-list.projection.js';
import { statuses } from './subject-state.js';

@ApiTags('Subjects')
@ApiBearerAuth()
@Controller('api/v1/studies/:study/subjects')
export class SubjectController {
  constructor(
    private readonly runner: Runner<Caller>,
    @Inject(CASEBOOK_COMMANDS) private readonly commands: CasebookCommands,
    private readonly casebooks: CasebookReader,
    private readonly looks: QueryLooks,
    private readonly studies: Studies,
    private readonly pool: Pool,
    private readonly cursors: Cursors,
  ) {}

  @Post()
  @Needs('EnrolSubject')
  @ApiOperation({
    summary: 'Enrol a subject',
    description: 'The subject key is the site’s code and a number without gaps.',
  })
  @ApiCreatedResponse({ type: EnrolledAnswer, headers: withHeaders('Location') })
  async enrol(
    @WriteCall() call: Call<Caller>,
    @Body() body: EnrolSubjectBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const receipt = await this.runner.run(this.commands.EnrolSubject, { ...body }, call);
    acknowledge(reply, receipt);
    const { subject, site, consentDate, definition } = receipt.events[0]!.data as Record<string, unknown>;
    reply.header('Location', `/api/v1/studies/${call.log}/subjects/${subject}`);
    return { subjectKey: subject, site, consentDate, definition, status: 'enrolled' };
  }

  @Get()
  @Needs('read casebook')
  @ApiOperation({ summary: 'List subjects' })
  @ApiQuery({ name: 'q', required: false, description: 'Part of a subject key' })
  @ApiQuery({ name: 'status', required: false, enum: [...statuses, 'transferred'] })
  @ApiQuery({ name: 'arm', required: false })
  @ApiQuery({ name: 'site', required: false })
  @ApiOkResponse({ type: SubjectPage })
  async list(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Query('site') site: string | undefined,
    @Query('arm') arm: string | undefined,
    @Query('status') status: string | undefined,
    @Query('q') q: string | undefined,
    @Limit() limit: number,
    @Cursor() cursor: string | undefined,
    @AsOf() asOf: Moment | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const sites = sitesFor(caller, 'read casebook', study);
    const seesArms = (at?: string) => sightOf(caller, study, at).arms;
    if (arm !== undefined && !seesArms(site))
      throw new Problem('not-permitted', 'Whoever is blinded does not list by arm.');
    const look = await this.looks.of(caller, study, { asOf, minPosition });
    const { position, past } = look;
    reply.header('Daybook-Position', String(position));
    const filter = { site, arm, status, q };
    const scope = cursorScope(caller.id, `subjects of ${study}`, {
      ...filter,
      ...(past && { at: position }),
    });
    const read = (after: readonly [string] | undefined, most: number) => {
      const slice = { study, sites, after: after?.[0], limit: most };
      return past
        ? listSubjectsAsOf(this.pool, slice, filter, position)
        : listSubjects(this.pool, slice, filter);
    };
    const { items, nextCursor } = linkNext(
      reply,
      await readPage(this.cursors, { scope, cursor, limit }, read, (row) => [row.subject] as const),
    );
    const openQueries = await this.openQueries(look, items);
    return {
      items: items.map((row) => viewRow(row, seesArms(row.site), openQueries(row))),
      nextCursor,
    };
  }

  /** Of each subject, as many as the caller may see: a count tells of what it counts. */
  private async openQueries(
    { scope, past, position, shows }: QueryLook,
    rows: readonly ListedSubject[],
  ): Promise<(row: ListedSubject) => number> {
    if (scope.veils.length === 0) return (row) => row.openqueries;
    const counts = new Map(past ? [] : await countStanding(this.pool, scope, rows.map(subjectOf)));
    if (past)
      for (const { subject } of (await queriesAsOf(this.pool, scope, {}, position, shows)).filter(isOpen))
        counts.set(subject, (counts.get(subject) ?? 0) + 1);
    return ({ subject }) => counts.get(subject) ?? 0;
  }

  @Get(':subject')
  @Needs('read casebook')
  @ApiOperation({
    summary: 'One casebook’s summary',
    description: 'Visits with their windows and how they stand, forms with their status, open queries, arm.',
  })
  @ApiOkResponse({ type: CasebookAnswer, headers: withHeaders('ETag') })
  async summary(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Param('subject') subject: string,
    @AsOf() asOf: Moment | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const asked = { asOf, minPosition };
    const seen = await this.casebooks.read(caller, study, subject, asked);
    const { casebook, sight, position, latest } = seen;
    reply.header('Daybook-Position', String(position));
    const lineage = await this.studies.lineage(study, casebook.definition, latest);
    const today = await this.casebooks.today(study, asked, seen);
    const view = {
      ...viewSubject(casebook, lineage, sight, today, await this.studies.locksAsOf(study, position)),
      ...(seen.transferred && { status: 'transferred', transferred: seen.transferred }),
    };
    reply.header('ETag', strongETag(nameOfShown(view)));
    return view;
  }

  @Post(':subject/allocation')
  @Needs('AllocateArm')
  @ApiOperation({
    summary: 'Allocate an arm',
    description: 'A second allocation is a crossover and needs a reason.',
  })
  @ApiCreatedResponse({ type: AllocatedAnswer })
  async allocate(
    @WriteCall() call: Call<Caller>,
    @Param('subject') subject: string,
    @Body() body: AllocateArmBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const receipt = await this.runner.run(this.commands.AllocateArm, { ...body, subject }, call);
    acknowledge(reply, receipt);
    const [event] = receipt.events;
    return { subjectKey: subject, crossover: event?.type === 'ArmCrossedOver', ...(event?.data as object) };
  }

  @Post(':subject/screening-failure')
  @Needs('FailScreening')
  @ApiOperation({ summary: 'Record that the screening failed', description: 'Before an arm is allocated.' })
  @ApiCreatedResponse({ type: SubjectStatusAnswer })
  async failScreening(
    @WriteCall() call: Call<Caller>,
    @Param('subject') subject: string,
    @Body() body: FailScreeningBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SubjectStatusAnswer> {
    acknowledge(reply, await this.runner.run(this.commands.FailScreening, { ...body, subject }, call));
    return { subjectKey: subject, status: 'screen-failed' };
  }

  @Post(':subject/completion')
  @Needs('CompleteSubject')
  @ApiOperation({ summary: 'Record that the subject has completed the study' })
  @ApiCreatedResponse({ type: SubjectStatusAnswer })
  async complete(
    @WriteCall() call: Call<Caller>,
    @Param('subject') subject: string,
    @Body() body: CompleteSubjectBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SubjectStatusAnswer> {
    acknowledge(reply, await this.runner.run(this.commands.CompleteSubject, { ...body, subject }, call));
    return { subjectKey: subject, status: 'completed' };
  }

  @Post(':subject/withdrawal')
  @Needs('WithdrawSubject')
  @ApiOperation({
    summary: 'Record a withdrawal',
    description:
      'No more visits are expected; what else ends, the scope says. Corrections remain possible. Whoever has withdrawn may withdraw from more: the day of the first withdrawal stands.',
  })
  @ApiCreatedResponse({ type: WithdrawnAnswer })
  async withdraw(
    @WriteCall() call: Call<Caller>,
    @Param('subject') subject: string,
    @Body() body: WithdrawSubjectBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WithdrawnAnswer> {
    acknowledge(reply, await this.runner.run(this.commands.WithdrawSubject, { ...body, subject }, call));
    return { subjectKey: subject, status: 'withdrawn', scope: body.scope ?? 'data' };
  }

  @Post(':subject/reinstatement')
  @Needs('ReinstateSubject')
  @ApiOperation({ summary: 'Take a withdrawal, a completion or a failed screening back' })
  @ApiCreatedResponse({ type: SubjectStatusAnswer })
  async reinstate(
    @WriteCall() call: Call<Caller>,
    @Param('subject') subject: string,
    @Body() body: ReinstateSubjectBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SubjectStatusAnswer> {
    acknowledge(reply, await this.runner.run(this.commands.ReinstateSubject, { ...body, subject }, call));
    return { subjectKey: subject, status: 'enrolled' };
  }
}

const subjectOf = ({ subject }: ListedSubject) => subject;

function viewRow(row: ListedSubject, seesArm: boolean, openQueries: number) {
  const { subject, site, status, arm, definition, consented, enrolled } = row;
  return {
    subjectKey: subject,
    site,
    status,
    arm: seesArm ? arm : null,
    definition,
    consentDate: consented,
    enrolledAt: new Date(enrolled).toISOString(),
    openQueries,
  };
}
