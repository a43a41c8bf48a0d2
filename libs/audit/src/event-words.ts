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
  SubjectWithdrawn: { text: ({ date }) => `Recorded the withdrawal of ${date}`, to: 'date' },
  SubjectReinstated: { text: () => 'Took the withdrawal back' },
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
  UserDeactivated: { text: ({ user }, { person }) => `Deactivated the account of ${person(user)}` },
  GrantGiven: {
    text: ({ user, role, study, sites, unblinded }, { person }) =>
      `Granted ${person(user)} the role ${role} in ${study === '*' ? 'all studies' : `study ${study}`}, ` +
      `${sites === 'all' ? 'all sites' : `sites ${[sites].flat().join(', ')}`}${unblinded === true ? ', unblinded' : ''}`,
    to: 'role',
  },
  GrantWithdrawn: { text: ({ user, grant }, { person }) => `Withdrew grant ${grant} from ${person(user)}` },
};

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

/** `FormsFrozen` as `Forms frozen`. */
function sentenceCase(type: string): string {
  return type.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
