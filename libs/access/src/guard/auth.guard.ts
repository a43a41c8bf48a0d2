import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Pool } from 'pg';
import { Problem } from '#problem';
import { authoriseAny, type Caller, coversSite, NOTHING_HERE, Refused } from '../scope.js';
import { AccessTokens } from '../sign-in/access-token.service.js';
import { ForeignTokens } from '../sign-in/foreign-token.service.js';
import { Sessions } from '../sign-in/session.table.js';
import { INSTALLATION_LOG } from '../user/user.commands.js';
import { Callers } from './callers.service.js';
import type { AuthenticatedRequest } from './current-caller.decorator.js';
import { type Need, needOf } from './needs.decorator.js';

/** Lets in whoever carries a valid access token of an active account and may do this somewhere in the study. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: AccessTokens,
    private readonly foreign: ForeignTokens,
    private readonly sessions: Sessions,
    private readonly callers: Callers,
    private readonly pool: Pool,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const need = this.reflector.getAllAndOverride(needOf, [context.getHandler(), context.getClass()]);
    if (need === 'public') return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? '')?.[1];
    const caller = token === undefined ? undefined : await this.callerOf(token);
    if (!caller) throw new Problem('unauthenticated', 'Send a valid access token: Authorization: Bearer …');
    request.caller = caller;
    await this.refuseBeyondRights(request, need);
    return true;
  }

  private async callerOf(token: string): Promise<Caller | undefined> {
    const own = await this.tokens.read(token);
    if (!own) {
      const user = await this.foreign.userOf(token);
      return user === undefined ? undefined : this.callers.find(user);
    }
    if (own.session !== undefined && !(await this.sessions.isOpen(own.session))) return undefined;
    return this.callers.find(own.user);
  }

  private async refuseBeyondRights(request: AuthenticatedRequest, need: Need = 'signed-in'): Promise<void> {
    const { study } = request.params as { study?: string };
    if (need === 'public' || need === 'signed-in' || study === undefined || study === INSTALLATION_LOG)
      return;
    try {
      authoriseAny(request.caller, need, study);
    } catch (error) {
      throw await this.refusalAt(request, study, error);
    }
  }

  /** A subject of another site is one that there is not, for who may not do this at any site too. */
  private async refusalAt({ caller, params }: AuthenticatedRequest, study: string, error: unknown) {
    const { query, subject = query?.replace(/-Q\d+$/, '') } = params as { subject?: string; query?: string };
    if (subject === undefined) return error;
    const site = await this.siteOf(study, subject);
    return site !== undefined && coversSite(caller, study, site)
      ? error
      : new Refused('not-found', NOTHING_HERE);
  }

  private async siteOf(study: string, subject: string): Promise<string | undefined> {
    // PostgreSQL cannot even be asked for what has a NUL.
    if (subject.includes('\0')) return undefined;
    const { rows } = await this.pool.query<{ site: string }>(
      'SELECT site FROM subject WHERE study = $1 AND subject = $2',
      [study, subject],
    );
    return rows[0]?.site;
  }
}
