import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import type { LogSignal } from '#event-store';
import { type Caller, isInForce } from '../scope.js';
import { INSTALLATION_LOG } from '../user/user.commands.js';
import type { User } from '../user/user.js';

const MOST_AGE_MS = 5000;
const DAY_MS = 86_400_000;

/**
 * Who a user is and may do today, remembered until the installation's log grows: what is withdrawn is withdrawn
 * at once, on every node, and within seconds where a notification is lost.
 */
export class Callers {
  private readonly known = new LRUCache<string, { caller: Caller; from: number; until: number }>({
    max: 10_000,
  });
  private forgotten = 0;

  constructor(
    private readonly pool: Pool,
    signal: LogSignal,
    private readonly now: () => Date,
  ) {
    signal.onGrown((log) => log === INSTALLATION_LOG && this.forget());
  }

  forget(): void {
    this.forgotten++;
    this.known.clear();
  }

  /** Undefined for an account that does not exist or is deactivated. */
  async find(id: string): Promise<Caller | undefined> {
    const now = this.now();
    const at = now.getTime();
    const known = this.known.get(id);
    if (known && known.from <= at && at < known.until) return known.caller;
    const day = now.toISOString().slice(0, 10);
    const { forgotten } = this;
    const { rows } = await this.pool.query<User>({
      name: 'caller',
      text: 'SELECT id, email, name, active, grants FROM app_user WHERE id = $1 AND active',
      values: [id],
    });
    const user = rows[0];
    if (!user) return undefined;
    const grants = Object.values(user.grants).filter((grant) => isInForce(grant, day));
    const caller = { id: user.id, name: user.name, email: user.email, grants };
    // What was read before the log grew is not remembered after it.
    if (forgotten === this.forgotten) {
      const until = Math.min(at + MOST_AGE_MS, new Date(day).getTime() + DAY_MS);
      this.known.set(id, { caller, from: at, until });
    }
    return caller;
  }
}
