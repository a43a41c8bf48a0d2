import type { Actor, RecordedEvent } from '#event-store';
import type { Role } from '../roles.js';
import type { Sites } from '../scope.js';
import type { UserEvent } from './user.js';

/** An act on a delegation: when, and by whom (a person’s id, or a part of the system). */
interface Act {
  readonly at: string;
  readonly by: string;
  readonly byName: string;
}

/** Who held which role where, from when to when: a line of a site’s delegation log (ICH E6(R3) 2.3.3). */
export interface Delegation {
  readonly grant: string;
  readonly user: string;
  readonly name: string;
  readonly role: Role;
  readonly sites: Sites;
  /** The days on which it counts; null where it counts from its giving, or to its end. */
  readonly from: string | null;
  readonly to: string | null;
  readonly given: Act;
  readonly ended: (Act & { readonly reason: string; readonly how: 'withdrawn' | 'deactivated' }) | null;
}

/** The delegations of a study in the order of their giving, `*` included; `events` are all those of accounts. */
export function delegationsOf(events: readonly (UserEvent & RecordedEvent)[], study: string): Delegation[] {
  const names = new Map<string, string>();
  const delegations = new Map<string, Delegation>();
  const end = (
    event: RecordedEvent,
    reason: string,
    how: 'withdrawn' | 'deactivated',
    grants: Delegation[],
  ) => {
    for (const one of grants) {
      if (!one.ended) delegations.set(one.grant, { ...one, ended: { ...actOf(event, names), reason, how } });
    }
  };
  for (const event of events) {
    const { type, data } = event;
    if (type === 'UserCreated' || type === 'ServiceAccountCreated') names.set(data.user, data.name);
    if (type === 'GrantGiven' && (data.study === study || data.study === '*')) {
      const { grant, user, role, sites, from = null, to = null } = data;
      const name = names.get(user) ?? user;
      delegations.set(grant, {
        grant,
        user,
        name,
        role,
        sites,
        from,
        to,
        given: actOf(event, names),
        ended: null,
      });
    }
    if (type === 'GrantWithdrawn') {
      const withdrawn = delegations.get(data.grant);
      if (withdrawn) end(event, data.reason, 'withdrawn', [withdrawn]);
    }
    if (type === 'UserDeactivated') {
      const held = [...delegations.values()].filter(({ user }) => user === data.user);
      end(event, data.reason, 'deactivated', held);
    }
  }
  return [...delegations.values()];
}

/** As far as it concerns some sites; undefined where it does not. */
export function delegationAt(delegation: Delegation, sites: Sites): Delegation | undefined {
  if (sites === 'all' || delegation.sites === 'all') return delegation;
  const concerned = delegation.sites.filter((site) => sites.includes(site));
  return concerned.length > 0 ? { ...delegation, sites: concerned } : undefined;
}

function actOf({ recordedAt, actor }: RecordedEvent, names: ReadonlyMap<string, string>): Act {
  const by = whoActed(actor);
  return { at: recordedAt, by, byName: names.get(by) ?? by };
}

const whoActed = (actor: Actor) => ('user' in actor ? actor.user : actor.system);
