import { authorise, type Caller, coversSite, type Permission, type Sites } from '#access';
import type { Casebook, Departure } from '../casebook.js';
import { authoriseOn } from '../casebook-stream.js';

/** Through which site a casebook is read; `departure` where that is a site that the subject left. */
export interface Reach {
  readonly site: string;
  readonly departure?: Departure;
}

/**
 * What some sites reach of a casebook: where the subject is now, all of it; where it was once, what there was
 * when it left for the last time. Undefined where it never was. Every list, read and export goes by this.
 *
 * @param isOne whether a site is one of them
 */
export function reachFrom(isOne: (site: string) => boolean, casebook: Casebook): Reach | undefined {
  if (isOne(casebook.site)) return { site: casebook.site };
  const departure = casebook.left.findLast((one) => isOne(one.casebook.site));
  return departure && { site: departure.casebook.site, departure };
}

/** Whether a site is one of some. */
export const among = (sites: Sites) => (site: string) => sites === 'all' || sites.includes(site);

/**
 * Through which site a caller reads a casebook.
 *
 * @param casebook as it is now
 * @throws Problem as `authoriseOn` does
 */
export function reachOf(
  casebook: Casebook,
  permission: Permission,
  { caller, log }: { readonly caller: Caller; readonly log: string },
): Reach {
  const reach = reachFrom((site) => coversSite(caller, log, site), casebook);
  if (reach?.departure) authorise(caller, permission, log, reach.site);
  else authoriseOn(casebook, permission, { caller, log });
  return reach ?? { site: casebook.site };
}
