import { Body, Controller, Delete, Get, HttpCode, Ip, Param, Post, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { acknowledge, type Call, Runner } from '#commands';
import { Problem } from '#problem';
import { CurrentCaller } from '../guard/current-caller.decorator.js';
import { Needs } from '../guard/needs.decorator.js';
import { newId } from '../guard/new-id.decorator.js';
import { WriteCall } from '../guard/write-call.decorator.js';
import type { Caller } from '../scope.js';
import { ServerSecret } from '../server-secret.service.js';
import { INSTALLATION_LOG, ownCommands } from '../user/user.commands.js';
import {
  ConfirmSecondFactorBody,
  MeAnswer,
  OwnPasswordBody,
  RecoveryCodesAnswer,
  SecondFactorAnswer,
  SessionPage,
} from './me.dto.js';
import { SecondFactors } from './second-factor.table.js';
import { Sessions } from './session.table.js';
import { SignIn } from './sign-in.service.js';
import { base32, otpauthUri } from './totp.js';

const SEED_BYTES = 20;
const RECOVERY_CODES = 10;
const RECOVERY_BYTES = 10;

/** What holders of accounts see and do of their own. */
@ApiTags('Access')
@ApiBearerAuth()
@Needs('signed-in')
@Controller('api/v1/me')
export class MeController {
  private readonly commands: ReturnType<typeof ownCommands>;

  constructor(
    private readonly runner: Runner<Caller>,
    private readonly sessions: Sessions,
    private readonly factors: SecondFactors,
    private readonly secret: ServerSecret,
    private readonly signIn: SignIn,
  ) {
    this.commands = ownCommands(factors);
  }

  @Get()
  @ApiOperation({ summary: 'Who I am and what I may do' })
  @ApiOkResponse({ type: MeAnswer })
  me(@CurrentCaller() { id, name, email, grants }: Caller) {
    return {
      id,
      email,
      name,
      grants: grants.map(({ study, role, sites, unblinded, from, to }) => ({
        study,
        role,
        sites,
        unblinded,
        from,
        to,
      })),
    };
  }

  @Get('sessions')
  @ApiOperation({ summary: 'My sessions' })
  @ApiOkResponse({ type: SessionPage })
  async listSessions(@CurrentCaller() { id }: Caller) {
    return { items: await this.sessions.listOf(id), nextCursor: null };
  }

  @Delete('sessions/:session')
  @HttpCode(204)
  @ApiOperation({ summary: 'End one of my sessions' })
  @ApiNoContentResponse()
  async endSession(@WriteCall() { caller }: Call<Caller>, @Param('session') session: string): Promise<void> {
    await this.sessions.endOne(caller.id, session);
  }

  @Post('second-factor')
  @ApiOperation({
    summary: 'Begin a second factor (TOTP, RFC 6238)',
    description: 'Scan the URI with an authenticator app, then confirm with a code; it counts from then on.',
  })
  @ApiCreatedResponse({ type: SecondFactorAnswer })
  async beginSecondFactor(@WriteCall() { caller, key }: Call<Caller>) {
    if (!caller.email) throw new Problem('conflict', 'A service account has no second factor.');
    const factor = newId(`second factor of ${caller.id} ${key.toLowerCase()}`);
    const seed = this.secret.of('second factor', factor).subarray(0, SEED_BYTES);
    await this.factors.keep(factor, caller.id, seed);
    return { secret: base32(seed), uri: otpauthUri(seed, caller.email) };
  }

  @Post('second-factor/confirm')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Confirm the second factor with a code',
    description: 'The answer lists ten recovery codes, each good for one sign-in without the app.',
  })
  @ApiOkResponse({ type: RecoveryCodesAnswer })
  async confirmSecondFactor(
    @WriteCall() call: Call<Caller>,
    @Body() { code }: ConfirmSecondFactorBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const user = call.caller.id;
    const factor = await this.factors.latestOf(user);
    if (factor === undefined) throw new Problem('conflict', 'No second factor was begun.');
    const receipt = await this.runner.run(
      this.commands.AddSecondFactor,
      { user, factor, code },
      { ...call, log: INSTALLATION_LOG },
    );
    const recoveryCodes = Array.from({ length: RECOVERY_CODES }, (_, nth) => this.recoveryCode(factor, nth));
    await this.factors.keepRecoveryCodes(factor, recoveryCodes);
    await this.factors.take(factor, code);
    acknowledge(reply, receipt);
    return { recoveryCodes };
  }

  @Delete('second-factor')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove my second factor' })
  @ApiNoContentResponse()
  async removeSecondFactor(
    @WriteCall() call: Call<Caller>,
    @Body() { password }: OwnPasswordBody,
    @Ip() address: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.signIn.again(call.caller, password, address);
    const command = { user: call.caller.id };
    acknowledge(
      reply,
      await this.runner.run(this.commands.RemoveOwnSecondFactor, command, { ...call, log: INSTALLATION_LOG }),
    );
  }

  private recoveryCode(factor: string, nth: number): string {
    const bytes = this.secret.of('recovery code', factor, String(nth)).subarray(0, RECOVERY_BYTES);
    return base32(bytes)
      .toLowerCase()
      .replace(/(.{4})(?=.)/g, '$1-');
  }
}
