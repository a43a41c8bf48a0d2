import { LRUCache } from 'lru-cache';
import { Problem } from '#problem';

const FREE_FAILURES = 5;
const LONGEST_WAIT_SECONDS = 900;

/**
 * Slows down whoever guesses passwords: after five failures from one address for one account, each further
 * one doubles the wait, up to a quarter of an hour.
 */
export class SignInLimit {
  private readonly failures = new LRUCache<string, { count: number; until: number }>({ max: 50_000 });

  constructor(
    private readonly now: () => Date,
    private readonly enabled: boolean,
  ) {}

  /** @throws Problem too-many-requests while the wait lasts */
  refuseTooMany(attempt: string): void {
    const { until = 0 } = this.failures.get(attempt) ?? {};
    const seconds = Math.ceil((until - this.now().getTime()) / 1000);
    if (!this.enabled || seconds <= 0) return;
    throw new Problem('too-many-requests', 'Too many failed attempts; wait before the next.', {
      extensions: { retryAfter: seconds },
    });
  }

  failed(attempt: string): void {
    const count = (this.failures.get(attempt)?.count ?? 0) + 1;
    const wait = count < FREE_FAILURES ? 0 : Math.min(2 ** (count - FREE_FAILURES), LONGEST_WAIT_SECONDS);
    this.failures.set(attempt, { count, until: this.now().getTime() + wait * 1000 });
  }

  succeeded(attempt: string): void {
    this.failures.delete(attempt);
  }
}
