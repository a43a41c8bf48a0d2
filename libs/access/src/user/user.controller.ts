import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Res } from '@nestjs/common';
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
import { AsOf, Cursor, Limit, type Moment, withHeaders } from '#http';
import { Problem } from '#problem';
import { Callers } from '../guard/callers.service.js';
import { CurrentCaller } from '../guard/current-caller.decorator.js';
import { Needs } from '../guard/needs.decorator.js';
import { NewId } from '../guard/new-id.decorator.js';
import { WriteCall } from '../guard/write-call.decorator.js';
import { Listings } from '../listing.service.js';
import { authorise, type Caller } from '../scope.js';
import { ServerSecret } from '../server-secret.service.js';
import { Credentials } from '../sign-in/credential.table.js';
import { SessionPage } from '../sign-in/me.dto.js';
import { refuseWeakPassword } from '../sign-in/password.js';
import { Sessions } from '../sign-in/session.table.js';
import { accountsAt } from './account-list.projection.js';
import { INSTALLATION_LOG, USER_COMMANDS, type UserCommands } from './user.commands.js';
import {
  CreateUserBody,
  DeactivatedUserAnswer,
  PasswordBody,
  ReasonTextBody,
  UserAnswer,
  UserPage,
} from './user.dto.js';
import { emailTakenProblem, type User } from './user.js';

@ApiTags('Access')
@ApiBearerAuth()
@Controller('api/v1/users')
export class UserController {
  constructor(
    private readonly runner: Runner<Caller>,
    @Inject(USER_COMMANDS) private readonly commands: UserCommands,
    private readonly credentials: Credentials,
    private readonly sessions: Sessions,
    private readonly callers: Callers,
    private readonly secret: ServerSecret,
    private readonly pool: Pool,
    private readonly store: EventStore,
    private readonly listings: Listings,
  ) {}

  @Get()
  @Needs('read users')
  @ApiOperation({
    summary: 'List accounts with their grants',
    description: 'As they are, or as of a position of the log `.installation` or an instant.',
  })
  @ApiOkResponse({ type: UserPage })
  async list(
    @CurrentCaller() caller: Caller,
    @AsOf() asOf: Moment | undefined,
    @Limit() limit: number,
    @Cursor() cursor: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    authorise(caller, 'read users', '*');
    const { accounts, position, past } = await accountsAt(this.pool, this.store, asOf);
    reply.header('Daybook-Position', String(position));
    const found = await this.listings.pageOf(reply, {
      items: accounts,
      keyOf: loginOf,
      caller: caller.id,
      name: 'users',
      filters: { at: past ? position : undefined },
      limit,
      cursor,
    });
    return { ...found, items: found.items.map(viewUser) };
  }

  @Get(':user')
  @Needs('read users')
  @ApiOperation({ summary: 'One account with its grants' })
  @ApiOkResponse({ type: UserAnswer })
  async read(@CurrentCaller() caller: Caller, @Param('user') id: string) {
    authorise(caller, 'read users', '*');
    const { rows } = await this.pool.query<User>('SELECT * FROM app_user WHERE id::text = $1', [id]);
    if (!rows[0]) throw new Problem('not-found', 'There is no such user.');
    return viewUser(rows[0]);
  }

  @Post()
  @Needs('CreateUser')
  @ApiOperation({ summary: 'Create an account' })
  @ApiCreatedResponse({ type: UserAnswer, headers: withHeaders('Location') })
  async create(
    @WriteCall() call: Call<Caller>,
    @NewId() user: string,
    @Body() { email, name, password }: CreateUserBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserAnswer> {
    refuseWeakPassword(password, email);
    const command = { user, email, name, proof: this.proofOf(password, user) };
    const receipt = await this.runner
      .run(this.commands.CreateUser, command, { ...call, log: INSTALLATION_LOG })
      .catch(asEmailTaken);
    await this.credentials.set(user, password, receipt.position);
    acknowledge(reply, receipt);
    reply.header('Location', `/api/v1/users/${user}`);
    return { id: user, email, name, active: true, secondFactor: false, grants: [] };
  }

  @Put(':user/password')
  @Needs('ChangePassword')
  @HttpCode(204)
  @ApiOperation({ summary: 'Set an account’s password' })
  @ApiNoContentResponse()
  async changePassword(
    @WriteCall() call: Call<Caller>,
    @Param('user') user: string,
    @Body() { password }: PasswordBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    authorise(call.caller, 'ChangePassword', '*');
    refuseWeakPassword(password, (await this.emailOf(user)) ?? '');
    const receipt = await this.runner.run(
      this.commands.ChangePassword,
      { user, proof: this.proofOf(password, user) },
      { ...call, log: INSTALLATION_LOG },
    );
    await this.credentials.set(user, password, receipt.position);
    if (!receipt.replayed) await this.sessions.endAllOf(user);
    acknowledge(reply, receipt);
  }

  @Post(':user/deactivation')
  @Needs('DeactivateUser')
  @HttpCode(200)
  @ApiOperation({ summary: 'End an account’s access' })
  @ApiOkResponse({ type: DeactivatedUserAnswer })
  async deactivate(
    @WriteCall() call: Call<Caller>,
    @Param('user') user: string,
    @Body() { reason }: ReasonTextBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    acknowledge(
      reply,
      await this.runner.run(
        this.commands.DeactivateUser,
        { user, reason },
        { ...call, log: INSTALLATION_LOG },
      ),
    );
    this.callers.forget();
    await this.sessions.endAllOf(user);
    return { id: user, active: false };
  }

  @Delete(':user/second-factor')
  @HttpCode(204)
  @Needs('RemoveSecondFactor')
  @ApiOperation({ summary: 'Remove the second factor of who has lost it' })
  @ApiNoContentResponse()
  async removeSecondFactor(
    @WriteCall() call: Call<Caller>,
    @Param('user') user: string,
    @Body() { reason }: ReasonTextBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const command = { user, reason };
    acknowledge(
      reply,
      await this.runner.run(this.commands.RemoveSecondFactor, command, { ...call, log: INSTALLATION_LOG }),
    );
  }

  @Get(':user/sessions')
  @Needs('read users')
  @ApiOperation({ summary: 'An account’s sessions' })
  @ApiOkResponse({ type: SessionPage })
  async listSessions(@CurrentCaller() caller: Caller, @Param('user') user: string) {
    authorise(caller, 'read users', '*');
    await this.emailOf(user);
    return { items: await this.sessions.listOf(user), nextCursor: null };
  }

  @Delete(':user/sessions')
  @HttpCode(204)
  @Needs('EndSession')
  @ApiOperation({ summary: 'End an account’s sessions' })
  @ApiNoContentResponse()
  async endSessions(@WriteCall() { caller }: Call<Caller>, @Param('user') user: string): Promise<void> {
    authorise(caller, 'EndSession', '*');
    await this.emailOf(user);
    await this.sessions.endAllOf(user);
  }

  /** @throws Problem not-found */
  private async emailOf(user: string): Promise<string | null> {
    const { rows } = await this.pool.query<User>('SELECT email FROM app_user WHERE id::text = $1', [user]);
    if (!rows[0]) throw new Problem('not-found', 'There is no such user.');
    return rows[0].email;
  }

  /** A retry with another password is another request; what tells so is worth nothing without the server’s key. */
  private proofOf(password: string, user: string): string {
    return this.secret.of('password of a request', user, password).toString('base64url');
  }
}

/** Where two requests take one e-mail at the same moment, its unique index has the last word. */
function asEmailTaken(error: { constraint?: unknown }): never {
  throw error.constraint === 'app_user_email' ? emailTakenProblem() : error;
}

const loginOf = ({ email, id }: User) => email ?? id;

function viewUser({ id, email, name, active, factor, grants }: User): UserAnswer {
  return { id, email, name, active, secondFactor: factor !== null, grants: Object.values(grants) };
}
