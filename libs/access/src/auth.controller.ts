import { Body, Controller, Get, HttpCode, Ip, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problem } from '#problem';
import { ACCESS_TOKEN_SECONDS, AccessTokens } from './access-token.service.js';
import { RefreshBody, SignInBody } from './auth.dto.js';
import { Public } from './auth.guard.js';
import { Credentials } from './credential.table.js';
import { CurrentCaller } from './current-caller.decorator.js';
import type { Caller } from './scope.js';
import { Sessions } from './session.table.js';
import { SignInLimit } from './sign-in-limit.service.js';

@ApiTags('Access')
@Controller('api/v1')
export class AuthController {
  constructor(
    private readonly credentials: Credentials,
    private readonly sessions: Sessions,
    private readonly tokens: AccessTokens,
    private readonly limit: SignInLimit,
  ) {}

  @Public()
  @Post('auth/token')
  @HttpCode(200)
  @ApiOperation({ summary: 'Sign in' })
  async signIn(@Body() { email, password }: SignInBody, @Ip() address: string) {
    const attempt = `${address} ${email.toLowerCase()}`;
    this.limit.refuseTooMany(attempt);
    const user = await this.credentials.check(email, password);
    if (user === undefined) {
      this.limit.failed(attempt);
      throw new Problem('invalid-credentials', 'E-mail or password is wrong.');
    }
    this.limit.succeeded(attempt);
    return this.answer(user, await this.sessions.begin(user));
  }

  @Public()
  @Post('auth/refresh')
  @HttpCode(200)
  @ApiOperation({
    summary: 'A new access token',
    description: 'The refresh token is used up; using one twice ends the session.',
  })
  async refresh(@Body() { refreshToken }: RefreshBody) {
    const { user, token } = await this.sessions.rotate(refreshToken);
    return this.answer(user, token);
  }

  @Public()
  @Post('auth/logout')
  @HttpCode(204)
  @ApiOperation({ summary: 'End the session' })
  async signOut(@Body() { refreshToken }: RefreshBody): Promise<void> {
    await this.sessions.end(refreshToken);
  }

  @Get('me')
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Who I am and what I may do' })
  me(@CurrentCaller() { id, name, email, grants }: Caller) {
    return {
      id,
      email,
      name,
      grants: grants.map(({ study, role, sites, unblinded }) => ({ study, role, sites, unblinded })),
    };
  }

  private async answer(user: string, refreshToken: string) {
    return { accessToken: await this.tokens.issue(user), refreshToken, expiresIn: ACCESS_TOKEN_SECONDS };
  }
}
