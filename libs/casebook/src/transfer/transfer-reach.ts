import { authorise, type Caller, coversSite, type Permission } from '#access';
import type { Casebook, Departure } from '../casebook.js';
import { authoriseOn } from '../casebook-stream.js';

/** Through which site a caller reads a casebook; `departure` where that is a site that the subject left. */
export interface Reach {
  readonly site: string;
  readonly departure?: Departure;
}

/**
 * Where the subject is now, all of its casebook is read. A site that it left reads what it knew then.
 *
 * @param casebook as it is now
 * @throws Problem as `authoriseOn` does
 */
export function reachOf(
  casebook: Casebook,
  permission: Permission,
  { caller, log }: { readonly caller: Caller; readonly log: string },
): Reach {
  const covers = (site: string) => coversSite(caller, log, site);
  const departure = covers(casebook.site)
    ? undefined
    : casebook.left.findLast((one) => covers(one.casebook.site));
  if (!departure) {
    authoriseOn(casebook, permission, { caller, log });
    return { site: casebook.site };
  }
  const { site } = departure.casebook;
  authorise(caller, permission, log, site);
  return { site, departure };
}
