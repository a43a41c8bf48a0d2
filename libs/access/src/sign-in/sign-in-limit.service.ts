import { LRUCache } from 'lru-cache';
import { Problem } from '#problem';

/** A hospital shares an address: its people may mistype more than one person may. */
const FREE_FAILURES = 50;
const LONGEST_WAIT_SECONDS = 900;

/**
 * Slows down whoever tries one password on many accounts: after fifty failures in a row from one address, each
 * further one doubles the wait, up to a quarter of an hour. What one account bears is the lockouts’ matter.
 */
export class SignInLimit {
  private readonly failures = new LRUCache<string, { count: number; until: number }>({ max: 50_000 });

  constructor(
    private readonly now: () => Date,
    private readonly enabled: boolean,
  ) {}

  /** @throws Problem too-many-requests while the wait lasts */
  refuseTooMany(address: string): void {
    const { until = 0 } = this.failures.get(address) ?? {};
    const seconds = Math.ceil((until - this.now().getTime()) / 1000);
    if (!this.enabled || seconds <= 0) return;
    throw new Problem('too-many-requests', 'Too many failed attempts; wait before the next.', {
      extensions: { retryAfter: seconds },
    });
  }

  failed(address: string): void {
    const count = (this.failures.get(address)?.count ?? 0) + 1;
    const wait = count < FREE_FAILURES ? 0 : Math.min(2 ** (count - FREE_FAILURES), LONGEST_WAIT_SECONDS);
    this.failures.set(address, { count, until: this.now().getTime() + wait * 1000 });
  }

  succeeded(address: string): void {
    this.failures.delete(address);
  }
}
