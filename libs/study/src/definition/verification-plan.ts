import type { Definition, ItemDefinition } from './definition.js';
import { drawOf } from './draw.js';

/** Which items of a subject are to be verified once they hold something. */
export interface VerificationPlan {
  of(subject: string): (item: Pick<ItemDefinition, 'oid' | 'derived' | 'hiddenFrom'>) => boolean;
}

/** Without a plan, everything is to be verified. */
export function verificationPlan({ study, verification = { plan: 'all' } }: Definition): VerificationPlan {
  const { plan, share = 0, seed = study.oid } = verification;
  const critical = new Set(verification.critical);
  return {
    of(subject) {
      const whole = plan === 'all' || (plan === 'sample' && drawOf(seed, subject) < share);
      return (item) => hasSource(item) && (whole || critical.has(item.oid));
    },
  };
}

/** What the server computes, or what no site sees, has no source at a site. */
export function hasSource({ derived, hiddenFrom }: Pick<ItemDefinition, 'derived' | 'hiddenFrom'>): boolean {
  return !derived && !hiddenFrom?.length;
}
