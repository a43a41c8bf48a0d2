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
}

/** An authenticated person or service. */
export interface Caller {
  readonly id: string;
  readonly name: string;
  readonly email?: string;
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
  if (covering.length === 0) throw new Problem('not-found', 'There is no such thing here.');
  const grant = covering.find((one) => permits(one.role, permission));
  if (!grant) throw new Problem('not-permitted', `The role ${covering[0]!.role} does not permit this.`);
  return { user: caller.id, role: grant.role };
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
