import { quoted } from './value-text.js';

/** An event's data, of whatever type it is. */
export type Data = Readonly<Record<string, unknown>>;

/** How the things that an event names by code are called. */
export interface Names {
  arm(code: unknown): string;
  person(id: unknown): string;
  /** The form, or the item, that the event is about. */
  readonly place: string;
}

/** How a type of event is told, and which of its data are the value before and after. */
interface Words {
  readonly text: (data: Data, names: Names) => string;
  readonly from?: string;
  readonly to?: string;
}

const words: Readonly<Record<string, Words>> = {
  SubjectEnrolled: {
    text: ({ subject, site, consentDate }) =>
      `Enrolled subject ${subject} at site ${site}, consent on ${consentDate}`,
    to: 'consentDate',
  },
  ArmAllocated: { text: ({ arm, date }, names) => `Allocated ${names.arm(arm)} on ${date}`, to: 'arm' },
  ArmCrossedOver: {
    text: ({ from, to, date }, names) =>
      `Crossed over from ${names.arm(from)} to ${names.arm(to)} on ${date}`,
    from: 'from',
    to: 'to',
  },
  FormCompleted: { text: (_, { place }) => `Completed ${place}` },
  FormReopened: { text: (_, { place }) => `Reopened ${place}` },
  QueryRaised: {
    text: ({ query, check, text }, { place }) =>
      `Raised query ${query} on ${place}${check === undefined ? '' : ` (check: ${check})`}: ${quoted(text)}`,
  },
  QueryAnswered: { text: (data, { place }) => `Answered ${queryOn(data, place)}` },
  QueryClosed: { text: (data, { place }) => `Closed ${queryOn(data, place)}` },
  QueryReopened: { text: (data, { place }) => `Reopened ${queryOn(data, place)}` },
  QueryCancelled: { text: (data, { place }) => `Cancelled ${queryOn(data, place)}` },
  QueryCommented: { text: (data, { place }) => `Commented on ${queryOn(data, place)}` },
  SignatureGiven: {
    text: ({ signature, forms, meaning }) =>
      `Signed ${countOf(forms, 'form')} (signature ${signature}): ${quoted(meaning)}`,
  },
  SignatureBroken: {
    text: ({ signature, changed }) =>
      `Signature ${signature} no longer holds: ${countOf(changed, 'signed form')} changed`,
  },
  ItemsVerified: { text: (_, { place }) => `Verified ${place} against its source` },
  VerificationWithdrawn: { text: (_, { place }) => `Withdrew the verification of ${place}` },
  OpinionRecorded: {
    text: ({ opinion, cause, comment }) =>
      `Gave opinion ${opinion} of the cause of death: ${cause}${comment === undefined ? '' : `, ${quoted(comment)}`}`,
    to: 'cause',
  },
  EndpointAdjudicated: {
    text: ({ cause, by }) => `Adjudicated the cause of death by ${by}: ${cause}`,
    to: 'cause',
  },
  AdjudicationReopened: { text: () => 'Reopened the adjudication, as the death is recorded otherwise' },
  DataFrozen: { text: (data, names) => `Froze ${lockedPlace(data, names)}` },
  DataUnfrozen: { text: (data, names) => `Lifted the freeze of ${lockedPlace(data, names)}` },
  DataLocked: { text: (data, names) => `Locked ${lockedPlace(data, names)}` },
  DataUnlocked: { text: (data, names) => `Lifted the lock of ${lockedPlace(data, names)}` },
  ScreeningFailed: { text: ({ date }) => `Recorded that the screening failed on ${date}`, to: 'date' },
  SubjectWithdrawn: {
    text: ({ date, scope }) =>
      `Recorded the withdrawal of ${date}${scope === undefined ? '' : ` (scope: ${scope})`}`,
    to: 'date',
  },
  SubjectCompleted: { text: ({ date }) => `Recorded that the study was completed on ${date}`, to: 'date' },
  SubjectReinstated: {
    text: ({ consentDate }) =>
      `Took back that the subject had left the study${consentDate === undefined ? '' : `, who consented anew on ${consentDate}`}`,
    to: 'consentDate',
  },
  SubjectTransferred: {
    text: ({ from, to, date }) => `Transferred the subject from site ${from} to site ${to} on ${date}`,
    from: 'from',
    to: 'to',
  },
  IdentityErased: { text: () => 'Erased what identifies the subject' },
  SubjectDied: { text: ({ date }) => `Recorded the death of ${date}`, to: 'date' },
  DeathRetracted: { text: () => 'Took the recorded death back' },
  SiteOpened: { text: ({ site, name, country }) => `Opened site ${site}: ${name}, ${country}`, to: 'name' },
  SiteRenamed: { text: ({ site, name }) => `Renamed site ${site}: ${name}`, to: 'name' },
  EnrolmentClosed: { text: ({ site }) => `Closed enrolment at site ${site}` },
  EnrolmentReopened: { text: ({ site }) => `Reopened enrolment at site ${site}` },
  DefinitionPublished: {
    text: ({ version }) => `Published version ${version} of the study’s definition`,
    to: 'version',
  },
  DefinitionAdopted: {
    text: ({ definition }) => `Adopted version ${definition} of the study’s definition`,
    to: 'definition',
  },
  UserCreated: { text: ({ name, email }) => `Created the account of ${name}, ${email}`, to: 'email' },
  PasswordChanged: { text: ({ user }, { person }) => `Changed the password of ${person(user)}` },
  ServiceAccountCreated: { text: ({ name }) => `Created the service account ${name}`, to: 'name' },
  ClientSecretRotated: { text: ({ user }, { person }) => `Gave ${person(user)} a new secret` },
  SecondFactorAdded: {
    text: ({ user }, { person }) => `Added a second factor to the account of ${person(user)}`,
  },
  SecondFactorRemoved: {
    text: ({ user }, { person }) => `Removed the second factor from the account of ${person(user)}`,
  },
  SignInFailed: {
    text: ({ user, failures, lockedSeconds }, { person }) =>
      user === null
        ? 'Somebody failed to sign in to an account that does not exist'
        : `Sign-in of ${person(user)} failed, ${failures} in a row${lockedSeconds === 0 ? '' : `; locked for ${lockedSeconds} seconds`}`,
  },
  AccessRefused: {
    text: ({ user, method, route, status }, { person }) =>
      `Refused ${person(user)}: ${method} ${route} (${status})`,
  },
  IdentityRead: {
    text: ({ subject, study }, { place }) =>
      `Read identifying items of subject ${subject} in study ${study}: ${place}`,
  },
  UserDeactivated: { text: ({ user }, { person }) => `Deactivated the account of ${person(user)}` },
  GrantGiven: {
    text: ({ user, role, study, sites, unblinded, from, to }, { person }) =>
      `Granted ${person(user)} the role ${role} in ${study === '*' ? 'all studies' : `study ${study}`}, ` +
      `${sites === 'all' ? 'all sites' : `sites ${[sites].flat().join(', ')}`}${unblinded === true ? ', unblinded' : ''}` +
      `${from === undefined ? '' : `, from ${from}`}${to === undefined ? '' : `, to ${to}`}`,
    to: 'role',
  },
  GrantWithdrawn: { text: ({ user, grant }, { person }) => `Withdrew grant ${grant} from ${person(user)}` },
};

/** Told item by item, as changes are. */
export const isVerification = (type: string) => type === 'ItemsVerified' || type === 'VerificationWithdrawn';

/** What happened, in words, and the values before and after; a type that is not known is told by its name. */
export function tellEvent(type: string, data: Data, names: Names) {
  const told = Object.hasOwn(words, type) ? words[type] : undefined;
  return {
    text: told?.text(data, names) ?? sentenceCase(type),
    from: told?.from && data[told.from],
    to: told?.to && data[told.to],
  };
}

function queryOn({ query, text }: Data, place: string): string {
  return `query ${query} on ${place}: ${quoted(text)}`;
}

function countOf(list: unknown, noun: string): string {
  const count = [list].flat().length;
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function lockedPlace({ level, site, visit, row }: Data, { place }: Names): string {
  switch (level) {
    case 'study':
      return 'the study';
    case 'site':
      return `site ${site}`;
    case 'subject':
      return 'the casebook';
    case 'visit':
      return `visit ${visit}`;
    default:
      return row === undefined ? place : `${place} in row ${row}`;
  }
}

/** `FormsFrozen` as `Forms frozen`. */
function sentenceCase(type: string): string {
  return type.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
