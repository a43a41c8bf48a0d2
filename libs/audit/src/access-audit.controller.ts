import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Caller, CurrentCaller, INSTALLATION_LOG, Needs } from '#access';
import { Cursor, Limit, MinPosition } from '#http';
import { AuditController } from './audit.controller.js';
import { AnswersTrail, AuditQuery } from './audit.dto.js';

/** The trail of no study: of accounts, grants, sign-ins and refusals. */
@ApiTags('Audit')
@ApiBearerAuth()
@Controller('api/v1/audit')
export class AccessAuditController {
  constructor(private readonly trail: AuditController) {}

  @Get()
  @Needs('read users')
  @ApiOperation({
    summary: 'Who was given which rights by whom, failed sign-ins, refused attempts, identities read',
    description: 'The audit trail of the log `.installation`, with the filters of every audit trail.',
  })
  @AnswersTrail()
  read(
    @CurrentCaller() caller: Caller,
    @Query() query: AuditQuery,
    @Limit() limit: number,
    @Cursor() cursor: string | undefined,
    @MinPosition() minPosition: number | undefined,
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.trail.read(caller, INSTALLATION_LOG, query, limit, cursor, minPosition, accept, reply);
  }
}
