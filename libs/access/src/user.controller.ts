import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Pool } from 'pg';
import { acknowledge, type Call, Runner } from '#commands';
import { Cursor, Cursors, cursorScope, Limit, linkNext, page } from '#http';
import { Problem } from '#problem';
import { Callers } from './callers.service.js';
import { Credentials } from './credential.table.js';
import { CurrentCaller } from './current-caller.decorator.js';
import { NewId } from './new-id.decorator.js';
import { refuseWeakPassword } from './password.js';
import { authorise, type Caller } from './scope.js';
import { Sessions } from './session.table.js';
import { INSTALLATION_LOG, USER_COMMANDS, type UserCommands } from './user.commands.js';
import { CreateUserBody, PasswordBody, ReasonTextBody } from './user.dto.js';
import { emailTakenProblem, type User } from './user.js';
import { WriteCall } from './write-call.decorator.js';

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
    private readonly pool: Pool,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List accounts' })
  async list(
    @CurrentCaller() caller: Caller,
    @Limit() limit: number,
    @Cursor() cursor: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    authorise(caller, 'read users', '*');
    const scope = cursorScope(caller.id, 'users');
    const after = cursor === undefined ? '' : String(this.cursors.decode(cursor, scope)[0]);
    const { rows } = await this.pool.query<User>(
      'SELECT * FROM app_user WHERE email > $1 ORDER BY email LIMIT $2',
      [after, limit + 1],
    );
    const found = linkNext(
      reply,
      page(rows, limit, ({ email }) => this.cursors.encode([email], scope)),
    );
    return { ...found, items: found.items.map(viewUser) };
  }

  @Get(':user')
  @ApiOperation({ summary: 'One account with its grants' })
  async read(@CurrentCaller() caller: Caller, @Param('user') id: string) {
    authorise(caller, 'read users', '*');
    const { rows } = await this.pool.query<User>('SELECT * FROM app_user WHERE id::text = $1', [id]);
    if (!rows[0]) throw new Problem('not-found', 'There is no such user.');
    return viewUser(rows[0]);
  }

  @Post()
  @ApiOperation({ summary: 'Create an account' })
  async create(
    @WriteCall() call: Call<Caller>,
    @NewId() user: string,
    @Body() { email, name, password }: CreateUserBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    refuseWeakPassword(password, email);
    const receipt = await this.runner
      .run(this.commands.CreateUser, { user, email, name }, { ...call, log: INSTALLATION_LOG })
      .catch(asEmailTaken);
    await this.credentials.set(user, password, receipt.position);
    acknowledge(reply, receipt);
    reply.header('Location', `/api/v1/users/${user}`);
    return { id: user, email, name, active: true, grants: [] };
  }

  @Put(':user/password')
  @HttpCode(204)
  @ApiOperation({ summary: 'Set an account’s password' })
  async changePassword(
    @WriteCall() call: Call<Caller>,
    @Param('user') user: string,
    @Body() { password }: PasswordBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const { rows } = await this.pool.query<User>('SELECT email FROM app_user WHERE id::text = $1', [user]);
    refuseWeakPassword(password, rows[0]?.email ?? '');
    const receipt = await this.runner.run(
      this.commands.ChangePassword,
      { user },
      { ...call, log: INSTALLATION_LOG },
    );
    await this.credentials.set(user, password, receipt.position);
    if (!receipt.replayed) await this.sessions.endAllOf(user);
    acknowledge(reply, receipt);
  }

  @Post(':user/deactivation')
  @HttpCode(200)
  @ApiOperation({ summary: 'End an account’s access' })
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
    return { id: user, active: false };
  }
}

/** Where two requests take one e-mail at the same moment, its unique index has the last word. */
function asEmailTaken(error: { constraint?: unknown }): never {
  throw error.constraint === 'app_user_email' ? emailTakenProblem() : error;
}

function viewUser({ id, email, name, active, grants }: User) {
  return { id, email, name, active, grants: Object.values(grants) };
}
