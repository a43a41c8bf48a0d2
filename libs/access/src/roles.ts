export const roles = [
  'administrator',
  'data-manager',
  'investigator',
  'coordinator',
  'monitor',
  'statistician',
  'inspector',
] as const;

export type Role = (typeof roles)[number];

const site = ['investigator', 'coordinator'] as const;
const oversight = ['monitor', 'data-manager'] as const;
const readers = [...site, ...oversight, 'statistician', 'inspector'] as const;

/**
 * The one table of what each role may do, within the study and the sites of its grant. Commands stand
 * under their own names. The sponsor's people never enter or change data (EMA 2023 §4.5).
 */
export const permissions = {
  EnrolSubject: site,
  AllocateArm: site,
  EnterForm: site,
  WithdrawSubject: site,
  ReinstateSubject: site,
  AnswerQuery: site,
  RaiseQuery: oversight,
  CloseQuery: oversight,
  ReopenQuery: oversight,
  CancelQuery: oversight,
  PublishDefinition: ['data-manager'],
  AdoptDefinition: ['data-manager'],
  OpenSite: ['administrator', 'data-manager'],
  ChangeSite: ['administrator', 'data-manager'],
  CreateUser: ['administrator'],
  DeactivateUser: ['administrator'],
  ChangePassword: ['administrator'],
  GiveGrant: ['administrator'],
  WithdrawGrant: ['administrator'],
  'read study': roles,
  'read casebook': readers,
  'read identity': [...site, 'monitor', 'inspector'],
  'read audit': [...site, ...oversight, 'inspector'],
  'read entries': ['data-manager', 'inspector'],
  'read outcomes': ['data-manager', 'statistician', 'inspector'],
  'read users': ['administrator', 'inspector'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof permissions;

export function permits(role: Role, permission: Permission): boolean {
  return (permissions[permission] as readonly Role[]).includes(role);
}
