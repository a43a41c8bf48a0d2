import { Body, Controller, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Caller, Needs, WriteCall } from '#access';
import { acknowledge, type Call, Runner } from '#commands';
import { withHeaders } from '#http';
import { Problem } from '#problem';
import { CASEBOOK_COMMANDS, type CasebookCommands } from '../casebook.commands.js';
import { QueryTextBody, RaiseQueryBody } from './query.dto.js';
import { QueryCommentAnswer, QueryRaisedAnswer, QueryStatusAnswer } from './query-answer.dto.js';

const steps = {
  answer: 'AnswerQuery',
  close: 'CloseQuery',
  reopen: 'ReopenQuery',
  cancel: 'CancelQuery',
} as const;
const statusAfter = { answer: 'answered', close: 'closed', reopen: 'open', cancel: 'cancelled' } as const;

/** What is done to queries. */
@ApiTags('Queries')
@ApiBearerAuth()
@Controller('api/v1/studies/:study')
export class QueryController {
  constructor(
    private readonly runner: Runner<Caller>,
    @Inject(CASEBOOK_COMMANDS) private readonly commands: CasebookCommands,
  ) {}

  @Post('subjects/:subject/queries')
  @Needs('RaiseQuery')
  @ApiOperation({
    summary: 'Raise a query',
    description:
      'On an item (also of a row), a form, a visit, or, naming none of them, on the whole casebook. Site staff answer it.',
  })
  @ApiCreatedResponse({ type: QueryRaisedAnswer, headers: withHeaders('Location') })
  async raise(
    @WriteCall() call: Call<Caller>,
    @Param('subject') subject: string,
    @Body() { rowKey, ...body }: RaiseQueryBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QueryRaisedAnswer> {
    const command = { ...body, ...(rowKey !== undefined && { row: rowKey }), subject };
    const receipt = await this.runner.run(this.commands.RaiseQuery, command, call);
    acknowledge(reply, receipt);
    const { query } = receipt.events[0]!.data as { query: string };
    reply.header('Location', `/api/v1/studies/${call.log}/queries/${query}`);
    return { query, subjectKey: subject, status: 'open' };
  }

  @Post('queries/:query/messages')
  @Needs('CommentQuery')
  @ApiOperation({
    summary: 'Comment on a query',
    description: 'Either side, while it is open or answered; 409 otherwise. It stays where it stands.',
  })
  @ApiCreatedResponse({ type: QueryCommentAnswer })
  async comment(
    @WriteCall() call: Call<Caller>,
    @Param('query') query: string,
    @Body() { text }: QueryTextBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QueryCommentAnswer> {
    const receipt = await this.runner.run(this.commands.CommentQuery, { query, text }, call);
    acknowledge(reply, receipt);
    return { query, type: 'QueryCommented', by: call.caller.id, at: receipt.events[0]!.recordedAt, text };
  }

  @Post('queries/:query/:step')
  @Needs('AnswerQuery', 'CloseQuery', 'ReopenQuery', 'CancelQuery')
  @HttpCode(200)
  @ApiParam({ name: 'step', enum: Object.keys(steps) })
  @ApiOperation({
    summary: 'Answer, close, reopen or cancel a query',
    description:
      'Only the legal next steps; 409 otherwise. An answered or closed query is asked again by reopening it, with what is asked now as the text.',
  })
  @ApiOkResponse({ type: QueryStatusAnswer })
  async move(
    @WriteCall() call: Call<Caller>,
    @Param('query') query: string,
    @Param('step') step: keyof typeof steps,
    @Body() { text }: QueryTextBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QueryStatusAnswer> {
    if (!Object.hasOwn(steps, step)) throw new Problem('not-found', 'There is no such step.');
    acknowledge(reply, await this.runner.run(this.commands[steps[step]], { query, text }, call));
    return { query, status: statusAfter[step] };
  }
}
