import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import type { CommandType, Runner } from '#commands';
import type { Actor, NewEvent } from '#event-store';
import { authorise, type Caller, systemCaller } from '../scope.js';
import { INSTALLATION_LOG } from '../user/user.commands.js';

/** Where identifying items stand. */
export interface IdentityPlace {
  readonly study: string;
  readonly site: string;
  readonly subject: string;
  readonly visit: string;
  readonly form: string;
}

export interface RefusedCall {
  readonly method: string;
  /** With the names of its parameters, never with their values: those are the caller’s own text. */
  readonly route: string;
  readonly study: string | undefined;
  readonly status: number;
}

export type AccessEvent =
  | NewEvent<'SignInFailed', { user: string | null; failures: number; lockedSeconds: number }>
  | NewEvent<'AccessRefused', Omit<RefusedCall, 'study'> & { user: string; study: string | null }>
  | NewEvent<'IdentityRead', IdentityPlace>;

const MINUTE = 60_000;
const GUARD: Actor = { system: 'access control' };

/**
 * What happens at the doors and changes nothing, recorded in the installation’s log all the same: every reading of
 * identifying items, failed sign-ins, attempts beyond one’s rights. Of those that need no right the same again is
 * recorded only after a while (each node counts by itself), so that nobody can flood the log.
 */
export class AccessRecord {
  private readonly recent = new LRUCache<string, { at: number; recorded: Promise<unknown> }>({
    max: 100_000,
  });
  private inBackground: Promise<void> = Promise.resolve();

  constructor(
    private readonly runner: Runner<Caller>,
    private readonly pool: Pool,
    private readonly ambient: {
      now(): Date;
      uuid(): string;
      onFault(where: string, error: unknown): void;
    },
  ) {}

  /** In the background: the time of the answer must not tell whether there is such an account. */
  signInFailed(account: string, failures: number, lockedSeconds: number): void {
    this.inBackground = this.inBackground
      .then(async () => {
        const user = await this.find(account);
        const key = user === null ? 'sign-in to no account' : `sign-in ${user} ${failures}`;
        const data = { user, failures: user === null ? 1 : failures, lockedSeconds };
        await this.once(key, MINUTE, user ?? 'nobody', GUARD, { type: 'SignInFailed', data });
      })
      .catch((error) => this.ambient.onFault('the record of failed sign-ins', error));
  }

  /** Never in the way of the refusal itself. */
  async refused({ id }: Caller, { study: named, ...call }: RefusedCall): Promise<void> {
    try {
      const study = named !== undefined && (await this.isStudy(named)) ? named : null;
      const key = JSON.stringify(['refused', id, call.method, call.route, study]);
      await this.once(key, MINUTE, id, GUARD, { type: 'AccessRefused', data: { user: id, ...call, study } });
    } catch (error) {
      this.ambient.onFault('the record of refusals', error);
    }
  }

  /** To be awaited before the items are answered. @throws Problem for whoever may not read them */
  async identityRead(caller: Caller, place: IdentityPlace): Promise<void> {
    const { study, site, subject, visit, form } = place;
    const actor = authorise(caller, 'read identity', study, site);
    const data = { study, site, subject, visit, form };
    await this.add(caller.id, actor, { type: 'IdentityRead', data });
  }

  /** Waits for what is recorded in the background. */
  settled(): Promise<void> {
    return this.inBackground;
  }

  private add(who: string, actor: Actor, event: AccessEvent): Promise<unknown> {
    // A stream a day: a stream is read from its beginning when it is written to after a restart.
    const stream = `access/${who}/${this.ambient.now().toISOString().slice(0, 10)}`;
    const call = { log: INSTALLATION_LOG, caller: systemCaller('access'), key: this.ambient.uuid() };
    return this.runner.run(recordAccess, { stream, actor, event }, call);
  }

  private async once(key: string, period: number, who: string, actor: Actor, event: AccessEvent) {
    const at = this.ambient.now().getTime();
    const before = this.recent.get(key);
    if (before && at - before.at < period) return void (await before.recorded);
    const recorded = this.add(who, actor, event);
    this.recent.set(key, { at, recorded });
    await recorded.catch((error) => {
      this.recent.delete(key);
      throw error;
    });
  }

  private async find(account: string): Promise<string | null> {
    const { rows } = await this.pool.query<{ id: string }>(
      'SELECT id FROM app_user WHERE lower(email) = lower($1) OR (email IS NULL AND id::text = $1)',
      [account],
    );
    return rows[0]?.id ?? null;
  }

  private async isStudy(study: string): Promise<boolean> {
    return (await this.pool.query('SELECT FROM study WHERE study = $1', [study])).rowCount !== 0;
  }
}

type RecordAccess = { stream: string; actor: Actor; event: AccessEvent };

const recordAccess: CommandType<RecordAccess, undefined, undefined, Caller> = {
  type: 'RecordAccess',
  aggregate: { initial: undefined, evolve: () => undefined },
  stream: ({ stream }) => stream,
  authorise: (_, { actor }) => actor,
  facts: () => undefined,
  prepare: (command) => command,
  decide: ({ event }) => [event],
};
