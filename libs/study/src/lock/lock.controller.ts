import { Body, Controller, Delete, Param, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Pool } from 'pg';
import { type Caller, Needs, WriteCall } from '#access';
import { acknowledge, type Call, Runner } from '#commands';
import { studyLockCommands } from './lock.commands.js';
import { LockReasonBody, StudyFreezeAnswer, StudyLockAnswer } from './lock.dto.js';
import { type LockMark, parseLockReason, type StudyLockEvent } from './lock.js';

interface Place {
  study: string;
  site?: string;
}

/** Freezes and locks of a whole study or site. */
@ApiTags('Locks')
@ApiBearerAuth()
@Controller('api/v1/studies/:study')
export class StudyLockController {
  private readonly commands: ReturnType<typeof studyLockCommands>;

  constructor(
    private readonly runner: Runner<Caller>,
    pool: Pool,
  ) {
    this.commands = studyLockCommands(pool);
  }

  @Post(['freezes', 'sites/:site/freezes'])
  @Needs('FreezeData')
  @ApiOperation({ summary: 'Freeze the data of a study or site', description: 'Only queries go on.' })
  @ApiCreatedResponse({ type: StudyFreezeAnswer })
  async freeze(
    @WriteCall() call: Call<Caller>,
    @Param() place: Place,
    @Body() body: LockReasonBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StudyFreezeAnswer> {
    return { ...(await this.change('FreezeData', call, place, body, reply)), frozen: true };
  }

  @Delete(['freezes', 'sites/:site/freezes'])
  @Needs('UnfreezeData')
  @ApiOperation({ summary: 'Lift the freeze of a study or site' })
  @ApiOkResponse({ type: StudyFreezeAnswer })
  async unfreeze(
    @WriteCall() call: Call<Caller>,
    @Param() place: Place,
    @Body() body: LockReasonBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StudyFreezeAnswer> {
    return { ...(await this.change('UnfreezeData', call, place, body, reply)), frozen: false };
  }

  @Post(['locks', 'sites/:site/locks'])
  @Needs('LockData')
  @ApiOperation({ summary: 'Lock the data of a study or site', description: 'Nothing changes any more.' })
  @ApiCreatedResponse({ type: StudyLockAnswer })
  async lock(
    @WriteCall() call: Call<Caller>,
    @Param() place: Place,
    @Body() body: LockReasonBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StudyLockAnswer> {
    return { ...(await this.change('LockData', call, place, body, reply)), locked: true };
  }

  @Delete(['locks', 'sites/:site/locks'])
  @Needs('UnlockData')
  @ApiOperation({ summary: 'Lift the lock of a study or site' })
  @ApiOkResponse({ type: StudyLockAnswer })
  async unlock(
    @WriteCall() call: Call<Caller>,
    @Param() place: Place,
    @Body() body: LockReasonBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StudyLockAnswer> {
    return { ...(await this.change('UnlockData', call, place, body, reply)), locked: false };
  }

  private async change(
    step: keyof ReturnType<typeof studyLockCommands>,
    call: Call<Caller>,
    { study, site }: Place,
    { reason }: LockReasonBody = {},
    reply: FastifyReply,
  ): Promise<StudyLockEvent['data'] & LockMark & { study: string }> {
    const why = parseLockReason(reason);
    const command = { ...(site !== undefined && { site }), ...(why && { reason: why }) };
    const receipt = await this.runner.run(this.commands[step], command, call);
    acknowledge(reply, receipt);
    const [event] = receipt.events;
    return { study, ...(event!.data as StudyLockEvent['data']), by: call.caller.id, at: event!.recordedAt };
  }
}
