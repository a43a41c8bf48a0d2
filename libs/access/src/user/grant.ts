import { Problem } from '#problem';
import { isCompleteDate } from '#values';
import type { Role } from '../roles.js';
import { refuseAbsent, type User, type UserEvent, type UserGrant } from './user.js';

export interface GiveGrant extends UserGrant {
  readonly user: string;
}

/** What there is of what a grant names. */
export interface GrantFacts {
  readonly studyExists: boolean;
  readonly unknownSites: readonly string[];
}

const atSites: readonly Role[] = ['investigator', 'coordinator', 'monitor'];

/** Only those who work at sites are limited to some; only a statistician is blinded and so can be unblinded. */
export function giveGrant(command: GiveGrant, user: User, facts: GrantFacts): UserEvent[] {
  refuseAbsent(user);
  const { study, role, sites, unblinded } = command;
  if (!facts.studyExists) throw new Problem('not-found', 'There is no such study.');
  if (role === 'administrator' && study !== '*')
    throw invalid('/role', 'An administrator is one of all studies: grant it on the study *.');
  if (sites !== 'all' && !atSites.includes(role))
    throw invalid('/sites', `A grant of the role ${role} is for all sites.`);
  if (sites === 'all' && (role === 'investigator' || role === 'coordinator')) {
    throw invalid('/sites', `A grant of the role ${role} names its sites.`);
  }
  const [unknown] = facts.unknownSites;
  if (unknown !== undefined && sites !== 'all') {
    throw invalid(`/sites/${sites.indexOf(unknown)}`, `There is no site ${unknown} in the study.`);
  }
  if (unblinded && role !== 'statistician')
    throw invalid('/unblinded', 'Only a statistician can be unblinded.');
  refuseImpossibleDays(command);
  return [{ type: 'GrantGiven', data: command }];
}

export interface WithdrawGrant {
  readonly study: string;
  readonly grant: string;
  readonly reason: string;
}

export function withdrawGrant({ study, grant, reason }: WithdrawGrant, user: User): UserEvent[] {
  if (user.grants[grant]?.study !== study) throw new Problem('not-found', 'There is no such grant.');
  return [{ type: 'GrantWithdrawn', data: { user: user.id, grant, reason } }];
}

function refuseImpossibleDays({ from, to }: GiveGrant): void {
  for (const [name, day] of Object.entries({ from, to })) {
    if (day !== undefined && !isCompleteDate(day)) throw invalid(`/${name}`, 'A day is an existing date.');
  }
  if (from !== undefined && to !== undefined && to < from) {
    throw invalid('/to', 'The last day is not before the first.');
  }
}

function invalid(pointer: string, message: string): Problem {
  return new Problem('invalid-value', message, { errors: [{ pointer, code: 'not-applicable', message }] });
}
