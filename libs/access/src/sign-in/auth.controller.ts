import { Body, Controller, HttpCode, Ip, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../guard/needs.decorator.js';
import { ACCESS_TOKEN_SECONDS, AccessTokens } from './access-token.service.js';
import { RefreshBody, SignInBody, TokenAnswer } from './auth.dto.js';
import { Sessions } from './session.table.js';
import { SignIn } from './sign-in.service.js';

@ApiTags('Access')
@Public()
@Controller('api/v1/auth')
export class AuthController {
  constructor(
    private readonly signIn: SignIn,
    private readonly sessions: Sessions,
    private readonly tokens: AccessTokens,
  ) {}

  @Post('token')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Sign in',
    description:
      'A person with e-mail and password (and `code`, where the account has a second factor), a service with `clientId` and `clientSecret`.',
  })
  @ApiOkResponse({ type: TokenAnswer })
  async begin(
    @Body() { email, password, code, clientId, clientSecret }: SignInBody,
    @Ip() address: string,
  ): Promise<TokenAnswer> {
    const user =
      clientId === undefined
        ? await this.signIn.person({ email: email!, password: password!, code }, address)
        : await this.signIn.service(clientId, clientSecret!, address);
    return this.answer({ user, ...(await this.sessions.begin(user)) });
  }

  @Post('refresh')
  @HttpCode(200)
  @ApiOperation({
    summary: 'A new access token',
    description: 'The refresh token is used up; using one twice ends the session.',
  })
  @ApiOkResponse({ type: TokenAnswer })
  async refresh(@Body() { refreshToken }: RefreshBody): Promise<TokenAnswer> {
    return this.answer(await this.sessions.rotate(refreshToken));
  }

  @Post('logout')
  @HttpCode(204)
  @ApiOperation({ summary: 'End the session' })
  @ApiNoContentResponse()
  async signOut(@Body() { refreshToken }: RefreshBody): Promise<void> {
    await this.sessions.end(refreshToken);
  }

  private async answer({
    user,
    session,
    token,
  }: {
    user: string;
    session: string;
    token: string;
  }): Promise<TokenAnswer> {
    const accessToken = await this.tokens.issue(user, session);
    return { accessToken, refreshToken: token, expiresIn: ACCESS_TOKEN_SECONDS };
  }
}
