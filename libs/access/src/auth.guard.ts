import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Problem } from '#problem';
import { AccessTokens } from './access-token.service.js';
import { Callers } from './callers.service.js';
import type { AuthenticatedRequest } from './current-caller.decorator.js';

/** Opens a route, or all of a controller's, to whoever calls. */
export const Public = Reflector.createDecorator<true, true>({ transform: () => true });

/** Lets in whoever carries a valid access token of an active account, and says who it is. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: AccessTokens,
    private readonly callers: Callers,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.getAllAndOverride(Public, [context.getHandler(), context.getClass()])) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? '')?.[1];
    const user = token === undefined ? undefined : await this.tokens.userOf(token);
    const caller = user === undefined ? undefined : await this.callers.find(user);
    if (!caller) throw new Problem('unauthenticated', 'Send a valid access token: Authorization: Bearer …');
    request.caller = caller;
    return true;
  }
}
