import { Body, Controller, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { acknowledge, type Call, Runner } from '#commands';
import { withHeaders } from '#http';
import { Needs } from '../guard/needs.decorator.js';
import { NewId } from '../guard/new-id.decorator.js';
import { WriteCall } from '../guard/write-call.decorator.js';
import type { Caller } from '../scope.js';
import { ServerSecret } from '../server-secret.service.js';
import { ClientSecrets } from '../sign-in/client-secret.table.js';
import { Sessions } from '../sign-in/session.table.js';
import { INSTALLATION_LOG, USER_COMMANDS, type UserCommands } from './user.commands.js';
import { ClientSecretAnswer, CreateServiceAccountBody, ServiceAccountAnswer } from './user.dto.js';

/** Accounts of programs: without e-mail and password; listed, granted and deactivated as people’s are. */
@ApiTags('Access')
@ApiBearerAuth()
@Controller('api/v1/service-accounts')
export class ServiceAccountController {
  constructor(
    private readonly runner: Runner<Caller>,
    @Inject(USER_COMMANDS) private readonly commands: UserCommands,
    private readonly clients: ClientSecrets,
    private readonly sessions: Sessions,
    private readonly secret: ServerSecret,
  ) {}

  @Post()
  @Needs('CreateServiceAccount')
  @ApiOperation({
    summary: 'Create a service account',
    description: 'Its secret is shown in this answer (and to a retry of this request), and nowhere else.',
  })
  @ApiCreatedResponse({ type: ServiceAccountAnswer, headers: withHeaders('Location') })
  async create(
    @WriteCall() call: Call<Caller>,
    @NewId() user: string,
    @Body() { name }: CreateServiceAccountBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ServiceAccountAnswer> {
    const receipt = await this.runner.run(
      this.commands.CreateServiceAccount,
      { user, name },
      { ...call, log: INSTALLATION_LOG },
    );
    const clientSecret = this.drawn(user, call);
    await this.clients.set(user, clientSecret, receipt.position);
    acknowledge(reply, receipt);
    reply.header('Location', `/api/v1/users/${user}`);
    return { clientId: user, clientSecret, name };
  }

  @Post(':account/secret')
  @Needs('RotateClientSecret')
  @ApiOperation({ summary: 'A new secret', description: 'The old one is void, and the sessions end.' })
  @ApiCreatedResponse({ type: ClientSecretAnswer })
  async rotate(
    @WriteCall() call: Call<Caller>,
    @Param('account') user: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ClientSecretAnswer> {
    const receipt = await this.runner.run(
      this.commands.RotateClientSecret,
      { user },
      { ...call, log: INSTALLATION_LOG },
    );
    const clientSecret = this.drawn(user, call);
    await this.clients.set(user, clientSecret, receipt.position);
    if (!receipt.replayed) await this.sessions.endAllOf(user);
    acknowledge(reply, receipt);
    return { clientId: user, clientSecret };
  }

  /** 256 bits; the same for a retry, which needs no copy of them anywhere. */
  private drawn(user: string, { key }: Call<Caller>): string {
    return this.secret.of('client secret', user, key.toLowerCase()).toString('base64url');
  }
}
