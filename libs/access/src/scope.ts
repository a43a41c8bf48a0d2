import type { Actor } from '#event-store';
import { Problem } from '#problem';
import { type Permission, permits, type Role } from './roles.js';

/** A role in a study (`*`: in every study), at some sites or at all of them. */
export interface Grant {
  readonly study: string;
  readonly role: Role;
  readonly sites: readonly string[] | 'all';
  /** A statistician who may tell the arms apart. */
  readonly unblinded: boolean;
  /** First and last day (ISO 8601, UTC) on which it counts; without them it counts from when it is given until it is withdrawn. */
  readonly from?: string;
  readonly to?: string;
}

/** Whether a grant counts on a day (ISO 8601). */
export function isInForce({ from, to }: Pick<Grant, 'from' | 'to'>, day: string): boolean {
  return (from === undefined || from <= day) && (to === undefined || day <= to);
}

/** An authenticated person or service, with the grants that count now. */
export interface Caller {
  readonly id: string;
  readonly name: string;
  /** A service has none. */
  readonly email?: string | null;
  readonly grants: readonly Grant[];
  /** True for a part of the installation itself, which nobody has granted anything. */
  readonly system?: true;
}

/** The installation acting of itself, as at its first start. */
export function systemCaller(id: string): Caller {
  return { id, name: id, grants: [], system: true };
}

/** The sites at which a caller may do something. */
export type Sites = readonly string[] | 'all';

/** Sites as a parameter of SQL, where null stands for all of them. */
export const siteList = (sites: Sites) => (sites === 'all' ? null : sites);

/** The words for what does not exist and for what may not be known of. */
export const NOTHING_HERE = 'There is no such thing here.';

/** What `authorise` throws: told from other refusals, so that attempts beyond one's rights can be recorded. */
export class Refused extends Problem {}

const inStudy = (grant: Grant, study: string) => grant.study === '*' || grant.study === study;
const covers = (grant: Grant, site: string | undefined) =>
  site === undefined || grant.sites === 'all' || grant.sites.includes(site);

/**
 * In which role the caller may do this to a thing of `study` (and `site`).
 *
 * @throws Problem not-found for a thing that no grant covers, not-permitted for one that none of the
 *   covering roles may do this to.
 */
export function authorise(caller: Caller, permission: Permission, study: string, site?: string): Actor {
  if (caller.system) return { system: caller.id };
  const covering = caller.grants.filter((grant) => inStudy(grant, study) && covers(grant, site));
  if (covering.length === 0) throw new Refused('not-found', NOTHING_HERE);
  const grant = covering.find((one) => permits(one.role, permission));
  if (!grant) throw new Refused('not-permitted', `The role ${covering[0]!.role} does not permit this.`);
  return { user: caller.id, role: grant.role };
}

/** Whether a caller has any grant at a site of a study. */
export function coversSite(caller: Caller, study: string, site: string): boolean {
  return caller.grants.some((grant) => inStudy(grant, study) && covers(grant, site));
}

/** That one of some permissions would do. @throws Refused as `authorise` does, for the first of them */
export function authoriseAny(caller: Caller, permissions: readonly Permission[], study: string): void {
  const may = (one: Permission) =>
    caller.grants.some((grant) => inStudy(grant, study) && permits(grant.role, one));
  if (!permissions.some(may)) authorise(caller, permissions[0]!, study);
}

/** Where the caller may do this: what a list is filtered by. @throws Problem as `authorise` does */
export function sitesFor(caller: Caller, permission: Permission, study: string): Sites {
  authorise(caller, permission, study);
  const own = caller.grants.filter((grant) => inStudy(grant, study) && permits(grant.role, permission));
  return own.some((grant) => grant.sites === 'all') ? 'all' : own.flatMap((grant) => grant.sites);
}

/** What a caller may see of a subject's data (without a site: of some subject's), once it is clear that the subject may be seen at all. */
export interface Sight {
  readonly identity: boolean;
  readonly arms: boolean;
  /** False for an item that none of the caller's roles there may see. */
  item(item: { readonly hiddenFrom?: readonly string[] }): boolean;
}

export function sightOf(caller: Caller, study: string, site: string | undefined): Sight {
  const grants = caller.grants.filter(
    (grant) => inStudy(grant, study) && covers(grant, site) && permits(grant.role, 'read casebook'),
  );
  return {
    identity: grants.some((grant) => permits(grant.role, 'read identity')),
    arms: grants.some((grant) => grant.role !== 'statistician' || grant.unblinded),
    item: ({ hiddenFrom }) => !hiddenFrom || grants.some((grant) => !hiddenFrom.includes(grant.role)),
  };
}
