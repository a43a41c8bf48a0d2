import { Body, Controller, Get, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AccessRecord, type Caller, CurrentCaller, Needs, WriteCall } from '#access';
import { acknowledge, type Call, Runner } from '#commands';
import { MinPosition } from '#http';
import { Problem } from '#problem';
import { Studies } from '#study';
import { CASEBOOK_COMMANDS, type CasebookCommands } from '../casebook.commands.js';
import { CasebookReader } from '../casebook-reader.js';
import { sealedPlace } from '../casebook-stream.js';
import { readerOf } from '../form/reader.js';
import { ErasedAnswer, EraseIdentityBody, IdentityAnswer } from './erasure.dto.js';
import { identityOf } from './identity.js';
import { SubjectKeys } from './subject-key.table.js';

/** What identifies a person: told to those who may know it, and erased (GDPR 15, 17). */
@ApiTags('Identity')
@ApiBearerAuth()
@Controller('api/v1/studies/:study/subjects/:subject')
export class ErasureController {
  constructor(
    private readonly runner: Runner<Caller>,
    @Inject(CASEBOOK_COMMANDS) private readonly commands: CasebookCommands,
    private readonly casebooks: CasebookReader,
    private readonly studies: Studies,
    private readonly keys: SubjectKeys,
    private readonly record: AccessRecord,
  ) {}

  @Post('erasure')
  @Needs('EraseIdentity')
  @ApiOperation({
    summary: 'Erase what identifies a subject',
    description:
      'The key of the identifying data is destroyed; what was sealed with it can be read and entered no more. The log and its proofs stay as they are.',
  })
  @ApiCreatedResponse({ type: ErasedAnswer })
  async erase(
    @WriteCall() call: Call<Caller>,
    @Param('subject') subject: string,
    @Body() body: EraseIdentityBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ErasedAnswer> {
    const receipt = await this.runner.run(this.commands.EraseIdentity, { ...body, subject }, call);
    await this.keys.destroy(call.log, subject);
    acknowledge(reply, receipt);
    return { subjectKey: subject, erasedAt: receipt.events[0]!.recordedAt };
  }

  @Get('identity')
  @Needs('read identity')
  @ApiOperation({
    summary: 'What identifies a subject',
    description: 'Every identifying item that holds something, for the person who asks what is kept of them.',
  })
  @ApiOkResponse({ type: IdentityAnswer })
  async identity(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Param('subject') subject: string,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IdentityAnswer> {
    const seen = await this.casebooks.read(caller, study, subject, { minPosition });
    const { casebook, site, sight, position, latest, erased } = seen;
    if (!sight.identity) throw new Problem('not-permitted', 'No role of yours at the site permits this.');
    const lineage = await this.studies.lineage(study, casebook.definition, latest);
    const key = erased ? undefined : await this.keys.of(study, subject);
    const items = identityOf(casebook, lineage, (form) =>
      readerOf(sight, key, (path) => sealedPlace(study, subject, form, path)),
    );
    for (const { visit, form } of items)
      await this.record.identityRead(caller, { study, site, subject, visit, form });
    reply.header('Daybook-Position', String(position));
    return { study, subjectKey: subject, site: casebook.site, erasedAt: casebook.erasedAt ?? null, items };
  }
}
