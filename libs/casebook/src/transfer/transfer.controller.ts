import { Body, Controller, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Caller, Needs, WriteCall } from '#access';
import { acknowledge, type Call, Runner } from '#commands';
import { CASEBOOK_COMMANDS, type CasebookCommands } from '../casebook.commands.js';
import { TransferAnswer, TransferSubjectBody } from './transfer.dto.js';

@ApiTags('Subjects')
@ApiBearerAuth()
@Controller('api/v1/studies/:study/subjects/:subject/transfer')
export class TransferController {
  constructor(
    private readonly runner: Runner<Caller>,
    @Inject(CASEBOOK_COMMANDS) private readonly commands: CasebookCommands,
  ) {}

  @Post()
  @Needs('TransferSubject')
  @ApiOperation({
    summary: 'Hand a subject over to another site',
    description:
      'The subject key stays. The new site sees the whole casebook; the old one keeps seeing it as it was when it left, and changes nothing any more.',
  })
  @ApiCreatedResponse({ type: TransferAnswer })
  async transfer(
    @WriteCall() call: Call<Caller>,
    @Param('subject') subject: string,
    @Body() body: TransferSubjectBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const receipt = await this.runner.run(this.commands.TransferSubject, { ...body, subject }, call);
    acknowledge(reply, receipt);
    const { from, to, date } = receipt.events[0]!.data as Record<string, unknown>;
    return { subjectKey: subject, from, to, date };
  }
}
