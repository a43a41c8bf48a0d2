import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
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
  strongETag,
} from '#http';
import { Problem } from '#problem';
import { Studies } from '#study';
import { CASEBOOK_COMMANDS, type CasebookCommands } from './casebook.commands.js';
import type { SubjectRow } from './casebook.projection.js';
import { CasebookReader } from './casebook-reader.js';
import { listSubjects, listSubjectsAsOf } from './lists.projection.js';
import {
  AllocateArmBody,
  EnrolSubjectBody,
  ReinstateSubjectBody,
  WithdrawSubjectBody,
} from './subject.dto.js';
import { viewSubject } from './subject.view.js';

@ApiTags('Subjects')
@ApiBearerAuth()
@Controller('api/v1/studies/:study/subjects')
export class SubjectController {
  constructor(
    private readonly runner: Runner<Caller>,
    @Inject(CASEBOOK_COMMANDS) private readonly commands: CasebookCommands,
    private readonly casebooks: CasebookReader,
    private readonly store: EventStore,
    private readonly studies: Studies,
    private readonly pool: Pool,
    private readonly cursors: Cursors,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Enrol a subject',
    description: 'The subject key is the site’s code and a number without gaps.',
  })
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
  @ApiOperation({ summary: 'List subjects' })
  @ApiQuery({ name: 'q', required: false, description: 'Part of a subject key' })
  @ApiQuery({ name: 'status', required: false, enum: ['enrolled', 'withdrawn', 'dead'] })
  @ApiQuery({ name: 'arm', required: false })
  @ApiQuery({ name: 'site', required: false })
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
    const moment = await momentOf(this.store, study, { asOf, minPosition });
    const filter = { site, arm, status, q };
    const scope = cursorScope(caller.id, `subjects of ${study}`, {
      ...filter,
      ...(moment.past && { at: moment.position }),
    });
    const after = cursor === undefined ? undefined : (this.cursors.decode(cursor, scope)[0] as string);
    const slice = { study, sites, after, limit: limit + 1 };
    const rows = moment.past
      ? await listSubjectsAsOf(this.pool, slice, filter, moment.position)
      : await listSubjects(this.pool, slice, filter);
    reply.header('Daybook-Position', String(moment.position));
    const { items, nextCursor } = linkNext(
      reply,
      page(rows, limit, (row) => this.cursors.encode([row.subject], scope)),
    );
    return { items: items.map((row) => viewRow(row, seesArms(row.site))), nextCursor };
  }

  @Get(':subject')
  @ApiOperation({
    summary: 'One casebook’s summary',
    description: 'Visits with their windows and how they stand, forms with their status, open queries, arm.',
  })
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
    reply.header('ETag', strongETag(String(casebook.revision))).header('Daybook-Position', String(position));
    const lineage = await this.studies.lineage(study, casebook.definition, latest);
    return viewSubject(casebook, lineage, sight, await this.casebooks.today(study, asked, seen));
  }

  @Post(':subject/allocation')
  @ApiOperation({
    summary: 'Allocate an arm',
    description: 'A second allocation is a crossover and needs a reason.',
  })
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

  @Post(':subject/withdrawal')
  @ApiOperation({ summary: 'Record a withdrawal' })
  async withdraw(
    @WriteCall() call: Call<Caller>,
    @Param('subject') subject: string,
    @Body() body: WithdrawSubjectBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    acknowledge(reply, await this.runner.run(this.commands.WithdrawSubject, { ...body, subject }, call));
    return { subjectKey: subject, status: 'withdrawn' };
  }

  @Post(':subject/reinstatement')
  @ApiOperation({ summary: 'Take a withdrawal back' })
  async reinstate(
    @WriteCall() call: Call<Caller>,
    @Param('subject') subject: string,
    @Body() body: ReinstateSubjectBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    acknowledge(reply, await this.runner.run(this.commands.ReinstateSubject, { ...body, subject }, call));
    return { subjectKey: subject, status: 'enrolled' };
  }
}

function viewRow(row: SubjectRow, seesArm: boolean) {
  const { subject, site, status, arm, definition, consented, enrolled, openqueries } = row;
  return {
    subjectKey: subject,
    site,
    status,
    arm: seesArm ? arm : null,
    definition,
    consentDate: consented,
    enrolledAt: new Date(enrolled).toISOString(),
    openQueries: openqueries,
  };
}
