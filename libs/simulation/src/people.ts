import type { Grant, Role } from '#access';
import { trialSites } from './sites.js';

/** An account of the demonstration. */
export interface Person {
  readonly role: Role;
  readonly email: string;
  readonly name: string;
  readonly sites: Grant['sites'];
  readonly unblinded: boolean;
}

/** RFC 2606 reserves `.invalid`: nothing is ever sent there. */
const emailOf = (account: string) => `${account}@demo.daybook.invalid`;

const everywhere = (role: Role, account: string, name: string, unblinded = false): Person => ({
  role,
  email: emailOf(account),
  name,
  sites: 'all',
  unblinded,
});

const at = (site: string, role: 'investigator' | 'coordinator', title: string): Person => ({
  role,
  email: emailOf(`${role}.${site.toLowerCase()}`),
  name: `Demo ${title} ${site}`,
  sites: [site],
  unblinded: false,
});

/** Who works in the simulated trial: at least one person a role, an investigator and a coordinator a site. */
export const trialPeople: readonly Person[] = [
  everywhere('administrator', 'administrator', 'Demo Administrator'),
  everywhere('data-manager', 'data.manager', 'Demo Data Manager'),
  everywhere('monitor', 'monitor', 'Demo Monitor'),
  everywhere('statistician', 'statistician', 'Demo Statistician (blinded)'),
  everywhere('statistician', 'statistician.unblinded', 'Demo Statistician (unblinded)', true),
  everywhere('adjudicator', 'adjudicator.one', 'Demo Adjudicator One'),
  everywhere('adjudicator', 'adjudicator.two', 'Demo Adjudicator Two'),
  everywhere('adjudicator', 'adjudicator.three', 'Demo Adjudicator Three'),
  everywhere('inspector', 'inspector', 'Demo Inspector'),
  ...trialSites.flatMap(({ site }) => [
    at(site, 'investigator', 'Investigator'),
    at(site, 'coordinator', 'Coordinator'),
  ]),
];
