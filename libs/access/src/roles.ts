export const roles = [
  'administrator',
  'data-manager',
  'investigator',
  'coordinator',
  'monitor',
  'statistician',
  'inspector',
  'adjudicator',
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
  FailScreening: site,
  WithdrawSubject: site,
  CompleteSubject: site,
  ReinstateSubject: site,
  TransferSubject: ['data-manager'],
  EraseIdentity: ['data-manager'],
  // The installation does these by itself.
  ReconcileDuplicates: [],
  RunDailyChecks: [],
  AnswerQuery: site,
  RaiseQuery: oversight,
  CloseQuery: oversight,
  ReopenQuery: oversight,
  CancelQuery: oversight,
  SignData: ['investigator'],
  FreezeData: ['data-manager'],
  UnfreezeData: ['data-manager'],
  LockData: ['data-manager'],
  UnlockData: ['data-manager'],
  CommentQuery: [...site, ...oversight],
  VerifyItems: ['monitor'],
  WithdrawVerification: ['monitor'],
  RecordOpinion: ['adjudicator'],
  PublishDefinition: ['data-manager'],
  AdoptDefinition: ['data-manager'],
  OpenSite: ['administrator', 'data-manager'],
  ChangeSite: ['administrator', 'data-manager'],
  CreateUser: ['administrator'],
  CreateServiceAccount: ['administrator'],
  RotateClientSecret: ['administrator'],
  DeactivateUser: ['administrator'],
  ChangePassword: ['administrator'],
  RemoveSecondFactor: ['administrator'],
  EndSession: ['administrator'],
  GiveGrant: ['administrator'],
  WithdrawGrant: ['administrator'],
  RequestSnapshot: ['data-manager', 'statistician'],
  'read study': roles,
  'read casebook': readers,
  'read identity': [...site, 'monitor', 'inspector'],
  'read verification': [...oversight, 'inspector'],
  'read adjudications': ['adjudicator', 'data-manager', 'inspector'],
  'read audit': [...site, ...oversight, 'inspector'],
  'read entries': ['data-manager', 'inspector'],
  'read duplicates': ['data-manager', 'inspector'],
  'read outcomes': ['data-manager', 'statistician', 'inspector'],
  'read datasets': ['data-manager', 'statistician', 'inspector'],
  'read progress': readers,
  'read users': ['administrator', 'inspector'],
  'read delegations': ['administrator', 'investigator', ...oversight, 'inspector'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof permissions;

export function permits(role: Role, permission: Permission): boolean {
  return (permissions[permission] as readonly Role[]).includes(role);
}
