import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Pool } from 'pg';
import { authorise, type Caller, CurrentCaller, WriteCall } from '#access';
import { acknowledge, type Call, Runner } from '#commands';
import { Problem } from '#problem';
import { isOid } from '#values';
import { Studies } from './studies.js';
import { studyCommands } from './study.commands.js';
import type { StudyRow } from './study.projection.js';
import { validateDefinition } from './validate.js';

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
  @ApiOperation({ summary: 'Studies that the caller may see' })
  async list(@CurrentCaller() { grants }: Caller) {
    const everywhere = grants.some((grant) => grant.study === '*');
    const { rows } = await this.pool.query<StudyRow>(
      'SELECT study, name, version FROM study WHERE $1 OR study = ANY($2) ORDER BY study',
      [everywhere, grants.map((grant) => grant.study)],
    );
    return { items: rows, nextCursor: null };
  }

  @Post()
  @ApiOperation({
    summary: 'A new study from its definition',
    description: '422 lists every fault of the definition with its place.',
  })
  @ApiBody({
    schema: { type: 'object', description: 'A definition; its JSON Schema is published with the source' },
  })
  async create(
    @WriteCall() call: Call<Caller>,
    @Body() definition: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const study = oidOf(definition);
    acknowledge(
      reply,
      await this.runner.run(studyCommands.CreateStudy, { definition }, { ...call, log: study }),
    );
    reply.header('Location', `/api/v1/studies/${study}`);
    return { study, version: 1 };
  }

  @Get(':study')
  @ApiOperation({ summary: 'One study' })
  async read(@CurrentCaller() caller: Caller, @Param('study') study: string) {
    authorise(caller, 'read study', study);
    const { version, definition } = await this.studies.current(study);
    return { ...definition.study, study, version, arms: definition.arms };
  }

  @Get(':study/definitions')
  @ApiOperation({ summary: 'Versions of the definition' })
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
  @ApiOperation({ summary: 'One version of the definition' })
  async version(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Param('version') version: string,
  ) {
    authorise(caller, 'read study', study);
    return (await this.studies.version(study, Number(version))).definition;
  }
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
