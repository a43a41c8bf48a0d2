import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { Problem } from '#problem';
import { AccessRecord } from '../guard/access-record.service.js';
import type { Caller } from '../scope.js';
import { ClientSecrets } from './client-secret.table.js';
import { Credentials } from './credential.table.js';
import { Lockouts } from './lockout.table.js';
import { SecondFactors } from './second-factor.table.js';
import { SignInLimit } from './sign-in-limit.service.js';

export interface PersonalCredentials {
  readonly email: string;
  readonly password: string;
  readonly code?: string | undefined;
}

/** Finds out who somebody is who gives a secret; whoever guesses is slowed down, locked out and recorded. */
@Injectable()
export class SignIn {
  constructor(
    private readonly limit: SignInLimit,
    private readonly lockouts: Lockouts,
    private readonly credentials: Credentials,
    private readonly clients: ClientSecrets,
    private readonly factors: SecondFactors,
    private readonly record: AccessRecord,
    private readonly pool: Pool,
  ) {}

  /** @throws Problem invalid-credentials, second-factor-required, too-many-requests */
  person({ email, password, code }: PersonalCredentials, address: string): Promise<string> {
    return this.attempt(email, address, async () => {
      const user = await this.credentials.check(email, password);
      const factor = user && (await this.factorOf(user));
      if (!factor) return user;
      if (code === undefined) {
        throw new Problem(
          'second-factor-required',
          'Send the code of the second factor beside the password.',
        );
      }
      return (await this.factors.take(factor, code)) ? user : undefined;
    });
  }

  /** @throws Problem invalid-credentials, too-many-requests */
  service(clientId: string, clientSecret: string, address: string): Promise<string> {
    return this.attempt(clientId, address, () => this.clients.check(clientId, clientSecret));
  }

  /** That it is still the caller who asks. @throws Problem invalid-credentials, too-many-requests */
  async again({ id, email }: Caller, password: string, address: string): Promise<void> {
    await this.attempt(email ?? id, address, async () => {
      const user = email ? await this.credentials.check(email, password) : undefined;
      return user === id ? user : undefined;
    });
  }

  private async attempt(
    account: string,
    address: string,
    check: () => Promise<string | undefined>,
  ): Promise<string> {
    this.limit.refuseTooMany(address);
    const { failures, locked } = await this.lockouts.begin(account);
    const user = await check();
    if (user === undefined) {
      this.limit.failed(address);
      this.record.signInFailed(account, failures, locked);
      throw new Problem('invalid-credentials', 'The account or its secret is wrong.');
    }
    this.limit.succeeded(address);
    await this.lockouts.succeeded(account);
    return user;
  }

  private async factorOf(user: string): Promise<string | null | undefined> {
    const { rows } = await this.pool.query<{ factor: string | null }>(
      'SELECT factor FROM app_user WHERE id = $1',
      [user],
    );
    return rows[0]?.factor;
  }
}
