import { Body, Controller, Delete, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Caller, Needs, WriteCall } from '#access';
import { acknowledge, type Call, Runner } from '#commands';
import { Problem } from '#problem';
import { parseLockReason } from '#study';
import { formatKey, parseKey } from '#values';
import { CASEBOOK_COMMANDS, type CasebookCommands } from '../casebook.commands.js';
import { FreezeAnswer, LockAnswer, LockBody } from './lock.dto.js';
import type { LockEvent } from './lock-state.js';

interface Path {
  subject: string;
  visit?: string;
  form?: string;
}

const FREEZES = ['freezes', 'visits/:visit/freezes', 'visits/:visit/forms/:form/freezes'];
const LOCKS = ['locks', 'visits/:visit/locks', 'visits/:visit/forms/:form/locks'];

/** Freezes and locks of a casebook, or of a visit, form or item of it: path and body say which. */
@ApiTags('Locks')
@ApiBearerAuth()
@Controller('api/v1/studies/:study/subjects/:subject')
export class LockController {
  constructor(
    private readonly runner: Runner<Caller>,
    @Inject(CASEBOOK_COMMANDS) private readonly commands: CasebookCommands,
  ) {}

  @Post(FREEZES)
  @Needs('FreezeData')
  @ApiOperation({
    summary: 'Freeze data of a casebook',
    description: 'Nothing is entered or corrected there (409 `frozen`); queries go on, and signing.',
  })
  @ApiCreatedResponse({ type: FreezeAnswer })
  async freeze(
    @WriteCall() call: Call<Caller>,
    @Param() path: Path,
    @Body() body: LockBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return { ...(await this.change('FreezeData', call, path, body, reply)), frozen: true };
  }

  @Delete(FREEZES)
  @Needs('UnfreezeData')
  @ApiOperation({ summary: 'Lift a freeze', description: 'With a reason; of exactly what was frozen.' })
  @ApiOkResponse({ type: FreezeAnswer })
  async unfreeze(
    @WriteCall() call: Call<Caller>,
    @Param() path: Path,
    @Body() body: LockBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return { ...(await this.change('UnfreezeData', call, path, body, reply)), frozen: false };
  }

  @Post(LOCKS)
  @Needs('LockData')
  @ApiOperation({
    summary: 'Lock data of a casebook',
    description: 'Nothing changes there any more, queries neither (409 `locked`).',
  })
  @ApiCreatedResponse({ type: LockAnswer })
  async lock(
    @WriteCall() call: Call<Caller>,
    @Param() path: Path,
    @Body() body: LockBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return { ...(await this.change('LockData', call, path, body, reply)), locked: true };
  }

  @Delete(LOCKS)
  @Needs('UnlockData')
  @ApiOperation({ summary: 'Lift a lock', description: 'With a reason; of exactly what was locked.' })
  @ApiOkResponse({ type: LockAnswer })
  async unlock(
    @WriteCall() call: Call<Caller>,
    @Param() path: Path,
    @Body() body: LockBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return { ...(await this.change('UnlockData', call, path, body, reply)), locked: false };
  }

  private async change(
    step: 'FreezeData' | 'UnfreezeData' | 'LockData' | 'UnlockData',
    call: Call<Caller>,
    { subject, ...path }: Path,
    body: LockBody,
    reply: FastifyReply,
  ) {
    const { item, group, rowKey: row } = body;
    const visit = keyOf(only('visit', path, body));
    const form = keyOf(only('form', path, body));
    const reason = parseLockReason(body.reason);
    const command = { subject, visit, form, item, group, row, ...(reason && { reason }) };
    const receipt = await this.runner.run(this.commands[step], command, call);
    acknowledge(reply, receipt);
    const [event] = receipt.events;
    const { row: rowKey, ...data } = event!.data as LockEvent['data'];
    return {
      subjectKey: subject,
      ...data,
      ...(rowKey !== undefined && { rowKey }),
      ...{ by: call.caller.id, at: event!.recordedAt },
    };
  }
}

/** A place is named by the path or by the body; the two are never weighed against each other. */
function only(name: 'visit' | 'form', path: Omit<Path, 'subject'>, body: LockBody): string | undefined {
  if (path[name] === undefined || body[name] === undefined) return path[name] ?? body[name];
  const message = `The path names the ${name} already.`;
  throw new Problem('invalid-value', message, {
    errors: [{ pointer: `/${name}`, code: 'not-applicable', message }],
  });
}

function keyOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const key = parseKey(text);
  if (!key) throw new Problem('not-found', `There is no ${text} here.`);
  return formatKey(key);
}
