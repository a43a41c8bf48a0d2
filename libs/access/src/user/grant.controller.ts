import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Pool } from 'pg';
import { acknowledge, type Call, Runner } from '#commands';
import { EventStore } from '#event-store';
import { AsOf, Cursor, Limit, type Moment } from '#http';
import { Problem } from '#problem';
import { Callers } from '../guard/callers.service.js';
import { CurrentCaller } from '../guard/current-caller.decorator.js';
import { Needs } from '../guard/needs.decorator.js';
import { NewId } from '../guard/new-id.decorator.js';
import { WriteCall } from '../guard/write-call.decorator.js';
import { Listings } from '../listing.service.js';
import { authorise, type Caller } from '../scope.js';
import { accountsAt } from './account-list.projection.js';
import { INSTALLATION_LOG, USER_COMMANDS, type UserCommands } from './user.commands.js';
import { GiveGrantBody, GrantAnswer, GrantPage, ReasonTextBody } from './user.dto.js';

@ApiTags('Access')
@ApiBearerAuth()
@Controller('api/v1/studies/:study/grants')
export class GrantController {
  constructor(
    private readonly runner: Runner<Caller>,
    @Inject(USER_COMMANDS) private readonly commands: UserCommands,
    private readonly callers: Callers,
    private readonly pool: Pool,
    private readonly store: EventStore,
    private readonly listings: Listings,
  ) {}

  @Get()
  @Needs('read users')
  @ApiOperation({
    summary: 'Who may do what in a study',
    description:
      'As it is, or as of a position of the log `.installation` or an instant. The study `*` stands for all studies.',
  })
  @ApiOkResponse({ type: GrantPage })
  async list(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @AsOf() asOf: Moment | undefined,
    @Limit() limit: number,
    @Cursor() cursor: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    authorise(caller, 'read users', study);
    const { accounts, position, past } = await accountsAt(this.pool, this.store, asOf);
    reply.header('Daybook-Position', String(position));
    return this.listings.pageOf(reply, {
      items: accounts.flatMap(({ id, grants }) =>
        Object.values(grants).flatMap((grant) => (grant.study === study ? { user: id, ...grant } : [])),
      ),
      keyOf: ({ user, grant }) => `${user} ${grant}`,
      caller: caller.id,
      name: `grants in ${study}`,
      filters: { at: past ? position : undefined },
      limit,
      cursor,
    });
  }

  @Post()
  @Needs('GiveGrant')
  @ApiOperation({
    summary: 'Grant a role in a study, at some sites or at all',
    description: 'Outside its days, where it has any, a grant does not count.',
  })
  @ApiCreatedResponse({ type: GrantAnswer })
  async give(
    @WriteCall() call: Call<Caller>,
    @NewId() grant: string,
    @Param('study') study: string,
    @Body() { user, role, sites = 'all', unblinded = false, from, to }: GiveGrantBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<GrantAnswer> {
    const days = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
    const command = { user, grant, study, role, sites, unblinded, ...days };
    acknowledge(
      reply,
      await this.runner.run(this.commands.GiveGrant, command, { ...call, log: INSTALLATION_LOG }),
    );
    this.callers.forget();
    return command;
  }

  @Delete(':grant')
  @HttpCode(204)
  @Needs('WithdrawGrant')
  @ApiOperation({ summary: 'Withdraw a grant' })
  @ApiNoContentResponse()
  async withdraw(
    @WriteCall() call: Call<Caller>,
    @Param('study') study: string,
    @Param('grant') grant: string,
    @Body() { reason }: ReasonTextBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    authorise(call.caller, 'WithdrawGrant', study);
    const user = await this.holderOf(grant, call.key);
    if (user === undefined) throw new Problem('not-found', 'There is no such grant.');
    acknowledge(
      reply,
      await this.runner.run(
        this.commands.WithdrawGrant,
        { user, study, grant, reason },
        { ...call, log: INSTALLATION_LOG },
      ),
    );
    this.callers.forget();
  }

  /** Whose grant it is; for a retry whose it was, since the first request took it away. */
  private async holderOf(grant: string, key: string): Promise<string | undefined> {
    const { rows } = await this.pool.query<{ id: string }>('SELECT id FROM app_user WHERE grants ? $1', [
      grant,
    ]);
    if (rows[0]) return rows[0].id;
    const [first] = await this.store.readCommand(INSTALLATION_LOG, key);
    return (first?.data as { user: string } | undefined)?.user;
  }
}
