import { Body, Controller, Get, Headers, Param, Post, Query, Res } from '@nestjs/common';
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
import { authorise, type Caller, CurrentCaller, Needs, permissions, type Role, WriteCall } from '#access';
import { acknowledge, type Call, Runner } from '#commands';
import { AnswersAs, invalidParameter, negotiate, text, wholeNumber, withHeaders } from '#http';
import { Problem } from '#problem';
import { isOid } from '#values';
import { diffDefinitions } from './definition/diff.js';
import { validateDefinition } from './definition/validate.js';
import { definitionBody, definitionRef } from './definition.dto.js';
import { lockFlags } from './lock/lock.js';
import { withComment, writeDefinition } from './odm/odm-answer.js';
import { sentDefinition } from './sent-definition.js';
import { Studies } from './studies.js';
import { studyCommands } from './study.commands.js';
import {
  DefinitionDiffAnswer,
  PublicationPage,
  PublishedAnswer,
  StudyAnswer,
  StudyPage,
} from './study.dto.js';
import type { StudyRow } from './study.projection.js';

const formats = ['application/json', 'application/xml'] as const;
const odmVersions = ['1.3.2', '2.0'] as const;

@ApiTags('Studies')
@ApiBearerAuth()
@Controller('api/v1/studies')
export class StudyController {
  constructor(
    private readonly runner: Runner<Caller>,
    private readonly studies: Studies,
    private readonly pool: Pool,
  ) {}

  @Get()
  @Needs('signed-in')
  @ApiOperation({ summary: 'Studies that the caller may see' })
  @ApiOkResponse({ type: StudyPage })
  async list(@CurrentCaller() { grants }: Caller) {
    const everywhere = grants.some((grant) => grant.study === '*');
    const { rows } = await this.pool.query<StudyRow>(
      'SELECT study, name, version FROM study WHERE $1 OR study = ANY($2) ORDER BY study',
      [everywhere, grants.map((grant) => grant.study)],
    );
    return { items: rows, nextCursor: null };
  }

  @Post()
  @Needs('PublishDefinition')
  @ApiOperation({
    summary: 'A new study from its definition',
    description:
      '422 lists every fault of the definition with its place. The answer to an ODM document (1.3.2 or 2.0) lists as `unsupported` what is not carried.',
  })
  @ApiConsumes('application/json', 'application/xml')
  @ApiBody({ schema: definitionBody })
  @ApiCreatedResponse({ type: PublishedAnswer, headers: withHeaders('Location') })
  async create(
    @WriteCall() call: Call<Caller>,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { definition, ...more } = await sentDefinition(body, () => refuseReaders(call.caller));
    const study = oidOf(definition);
    acknowledge(
      reply,
      await this.runner.run(studyCommands.CreateStudy, { definition }, { ...call, log: study }),
    );
    reply.header('Location', `/api/v1/studies/${study}`);
    return { study, version: 1, ...more };
  }

  @Get(':study')
  @Needs('read study')
  @ApiOperation({ summary: 'One study' })
  @ApiOkResponse({ type: StudyAnswer })
  async read(@CurrentCaller() caller: Caller, @Param('study') study: string) {
    authorise(caller, 'read study', study);
    const { version, definition } = await this.studies.current(study);
    const { state: locks } = await this.studies.currentLocks(study);
    return { ...definition.study, study, version, arms: definition.arms, ...lockFlags(locks.study) };
  }

  @Get(':study/definitions')
  @Needs('read study')
  @ApiOperation({ summary: 'Versions of the definition' })
  @ApiOkResponse({ type: PublicationPage })
  async versions(@CurrentCaller() caller: Caller, @Param('study') study: string) {
    authorise(caller, 'read study', study);
    const { versions } = await this.studies.publications(study);
    if (versions.length === 0) throw new Problem('not-found', 'There is no such thing here.');
    return {
      items: versions.map(({ publishedAt }, i) => ({ version: i + 1, publishedAt })),
      nextCursor: null,
    };
  }

  @Get(':study/definitions/:version')
  @Needs('read study')
  @ApiOperation({
    summary: 'One version of the definition, as JSON or as a CDISC ODM document',
    description: 'A comment at the end of the document lists what it does not carry.',
  })
  @AnswersAs({ 'application/json': definitionRef, 'application/xml': text })
  @ApiQuery({
    name: 'odm',
    required: false,
    enum: odmVersions,
    description: 'Version of ODM; 1.3.2 unless given',
  })
  async version(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Param('version') version: string,
    @Query('odm') odm: string | undefined,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    authorise(caller, 'read study', study);
    const format = negotiate(accept, formats);
    const number = versionNumber(version);
    const { definition } = await this.studies.version(study, number);
    reply.header('Vary', 'Accept');
    if (format === 'application/json') return definition;
    const odmVersion = odmVersions.find((one) => one === (odm ?? '1.3.2'));
    if (!odmVersion) throw invalidParameter('odm', odmVersions.join(' or '));
    const { versions } = await this.studies.publications(study);
    const publication = { version: number, at: versions[number - 1]!.publishedAt };
    reply.header('Content-Type', 'application/xml; charset=utf-8');
    return withComment(writeDefinition(definition, odmVersion, publication));
  }

  @Get(':study/definitions/:version/diff/:other')
  @Needs('read study')
  @ApiOperation({
    summary: 'What changes from one version of the definition to another',
    description: 'Item by item, each with a verdict: safe, needs-mapping or loses-data.',
  })
  @ApiOkResponse({ type: DefinitionDiffAnswer })
  async diff(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Param('version') version: string,
    @Param('other') other: string,
  ): Promise<DefinitionDiffAnswer> {
    authorise(caller, 'read study', study);
    const before = await this.studies.version(study, versionNumber(version));
    const after = await this.studies.version(study, versionNumber(other));
    return {
      from: before.version,
      to: after.version,
      changes: diffDefinitions(before.definition, after.definition),
    };
  }
}

/** A large document is not read of somebody who may not publish any. @throws Problem not-found, not-permitted */
function refuseReaders(caller: Caller): void {
  const publishers: readonly Role[] = permissions.PublishDefinition;
  const grant = caller.grants.find(({ role }) => publishers.includes(role)) ?? caller.grants[0];
  authorise(caller, 'PublishDefinition', grant?.study ?? '*');
}

/** @throws Problem invalid-definition: a study without an identifier has no log to be published in */
function oidOf(definition: unknown): string {
  const oid = (definition as { study?: { oid?: unknown } | null } | null | undefined)?.study?.oid;
  if (isOid(oid)) return oid;
  const result = validateDefinition(definition);
  throw new Problem('invalid-definition', 'The definition names no study.', {
    errors: 'faults' in result ? result.faults : [],
  });
}

/** One address a version: `01`, `1.0` and `0x1` are not version 1. */
function versionNumber(text: string): number {
  const number = wholeNumber(text);
  if (number === undefined) throw new Problem('not-found', 'There is no such version of the definition.');
  return number;
}
