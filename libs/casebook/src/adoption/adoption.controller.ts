import { Body, Controller, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Pool } from 'pg';
import { authorise, type Caller, Needs, sitesFor, WriteCall } from '#access';
import { acknowledge, type Call, Runner } from '#commands';
import { invalidParameter, withHeaders } from '#http';
import { definitionBody, diffDefinitions, Studies, sentDefinition, studyCommands } from '#study';
import { casebooksAsOf } from '../past.projection.js';
import {
  AdoptDefinitionBody,
  AdoptDefinitionsBody,
  AdoptionAnswer,
  AdoptionsAnswer,
  NextVersionAnswer,
} from './adoption.dto.js';
import { type Adopted, Adoptions } from './adoption.service.js';

const DRY_RUN = {
  name: 'dryRun',
  required: false,
  schema: { type: 'boolean' as const, default: false },
  description: 'Nothing is stored; the report says what would be.',
};

/** Versions of the definition, and which of them the casebooks follow. */
@ApiTags('Versions')
@ApiBearerAuth()
@Controller('api/v1/studies/:study')
export class AdoptionController {
  constructor(
    private readonly runner: Runner<Caller>,
    private readonly adoptions: Adoptions,
    private readonly studies: Studies,
    private readonly pool: Pool,
  ) {}

  @Post('definitions')
  @Needs('PublishDefinition')
  @ApiOperation({
    summary: 'Publish the next version of the definition',
    description:
      'Says what changes, item by item, and which casebooks follow an earlier version until they adopt this one. The answer to an ODM document lists as `unsupported` what is not carried.',
  })
  @ApiConsumes('application/json', 'application/xml')
  @ApiBody({ schema: definitionBody })
  @ApiCreatedResponse({ type: NextVersionAnswer, headers: withHeaders('Location') })
  async publish(
    @WriteCall() call: Call<Caller>,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NextVersionAnswer> {
    const { log, caller } = call;
    const { definition, ...more } = await sentDefinition(body, () =>
      authorise(caller, 'PublishDefinition', log),
    );
    const receipt = await this.runner.run(studyCommands.PublishDefinition, { definition }, call);
    acknowledge(reply, receipt);
    const { version } = receipt.events[0]!.data as { version: number };
    reply.header('Location', `/api/v1/studies/${log}/definitions/${version}`);
    const before = await this.studies.version(log, version - 1);
    const after = await this.studies.version(log, version);
    // As they stood when it was published, so that a retry is told the same.
    const casebooks = await casebooksAsOf(this.pool, log, receipt.position);
    const sites = sitesFor(caller, 'PublishDefinition', log);
    const behind = casebooks
      .filter((one) => one.definition < version && (sites === 'all' || sites.includes(one.site)))
      .map((one) => one.subject)
      .sort();
    return {
      study: log,
      version,
      changes: diffDefinitions(before.definition, after.definition),
      needMigration: { count: behind.length, subjects: behind },
      ...more,
    };
  }

  @Post('subjects/:subject/migration')
  @Needs('AdoptDefinition')
  @ApiOperation({
    summary: 'Move a casebook to a newer version of the definition',
    description: 'Values that no longer fit are kept as they were entered, and listed.',
  })
  @ApiQuery(DRY_RUN)
  @ApiCreatedResponse({ type: AdoptionAnswer })
  @ApiOkResponse({ type: AdoptionAnswer, description: 'Of a dry run' })
  async adopt(
    @WriteCall() call: Call<Caller>,
    @Param('subject') subject: string,
    @Query('dryRun') dryRun: string | undefined,
    @Body() { definition }: AdoptDefinitionBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AdoptionAnswer> {
    const rehearsal = parseDryRun(dryRun);
    const { report, receipt } = await this.adoptions.one(call, subject, definition, rehearsal);
    if (receipt) acknowledge(reply, { events: [], ...receipt });
    else reply.status(200);
    return { dryRun: rehearsal, definition, ...report };
  }

  @Post('migrations')
  @Needs('AdoptDefinition')
  @ApiOperation({
    summary: 'Move all casebooks of a study or a site to a newer version',
    description: 'One after the other; a retry with the same Idempotency-Key goes on where it stopped.',
  })
  @ApiQuery(DRY_RUN)
  @ApiCreatedResponse({ type: AdoptionsAnswer })
  @ApiOkResponse({ type: AdoptionsAnswer, description: 'Of a dry run' })
  async adoptAll(
    @WriteCall() call: Call<Caller>,
    @Query('dryRun') dryRun: string | undefined,
    @Body() { definition, site }: AdoptDefinitionsBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AdoptionsAnswer> {
    const rehearsal = parseDryRun(dryRun);
    const { adopted, already, locked } = await this.adoptions.many(call, definition, site, rehearsal);
    acknowledgeAll(reply, adopted);
    if (rehearsal) reply.status(200);
    const reports = adopted.map(({ report }) => report);
    const total = (count: (report: Adopted['report']) => number) =>
      reports.reduce((sum, report) => sum + count(report), 0);
    return {
      dryRun: rehearsal,
      definition,
      site: site ?? null,
      adopted: adopted.length,
      already,
      locked,
      kept: total(({ kept }) => kept.length),
      queries: {
        raised: total(({ queries }) => queries.raised.length),
        closed: total(({ queries }) => queries.closed.length),
      },
      subjects: reports,
    };
  }
}

/** The last write's position; told again only where every one of them is. */
function acknowledgeAll(reply: FastifyReply, adopted: readonly Adopted[]): void {
  const receipts = adopted.flatMap(({ receipt }) => receipt ?? []);
  if (receipts.length === 0) return;
  acknowledge(reply, {
    events: [],
    position: Math.max(...receipts.map(({ position }) => position)),
    replayed: receipts.every(({ replayed }) => replayed),
  });
}

function parseDryRun(text: string | undefined): boolean {
  if (text === undefined || text === 'false') return false;
  if (text === 'true') return true;
  throw invalidParameter('dryRun', 'true or false');
}
