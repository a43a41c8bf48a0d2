import { authorise, type Caller, type Permission } from '#access';
import type { Aggregate, CommandType, Context } from '#commands';
import type { Actor, RecordedEvent } from '#event-store';
import { Problem } from '#problem';
import type { FormAddress } from './address.js';
import { type Casebook, type CasebookEvent, emptyCasebook, evolve } from './casebook.js';
import { projectCasebook } from './casebook.projection.js';
import type { Stamped } from './stamped.js';

/** A casebook as a stream of its study's log. */
export const casebooks: Aggregate<Casebook> = {
  initial: emptyCasebook,
  evolve: (casebook, event) => evolve(casebook, event as Stamped<CasebookEvent> & RecordedEvent),
  project: (before, after, [event]) => (event ? projectCasebook(before, after, event.log) : []),
};

/** How the names of all subjects' streams begin. */
export const SUBJECTS = 'subject/';

export const subjectStream = (subject: string) => `${SUBJECTS}${subject}`;

/** Whose casebook a stream is; undefined for the stream of anything else. */
export const subjectOf = (stream: string): string | undefined =>
  stream.startsWith(SUBJECTS) ? stream.slice(SUBJECTS.length) : undefined;

export type CasebookCommand<Command, Facts, Prepared = Command> = CommandType<
  Command,
  Casebook,
  Facts,
  Caller,
  Prepared
>;

/** What commands on one casebook have in common: their stream, and that the caller's role there permits them. */
export function onCasebook<Name extends Permission>(type: Name) {
  return {
    type,
    aggregate: casebooks,
    stream: ({ subject }: { subject: string }) => subjectStream(subject),
    authorise: (context: Context<Caller>, _: unknown, casebook: Casebook) =>
      authoriseOn(casebook, type, context),
  };
}

/** @throws Problem not-found for a subject that does not exist or lies outside the caller's sites, alike */
export function authoriseOn(
  casebook: Casebook,
  permission: Permission,
  { caller, log }: Pick<Context<Caller>, 'caller' | 'log'>,
): Actor {
  if (casebook.status === 'absent') {
    authorise(caller, 'read study', log);
    throw new Problem('not-found', 'There is no such thing here.');
  }
  return authorise(caller, permission, log, casebook.site);
}

/** Where a value is sealed to: it opens nowhere else. */
export function sealedPlace(
  study: string,
  subject: string,
  { visit, form }: FormAddress,
  path: string,
): string {
  return `${study}/${subject}/${visit}/${form}/${path}`;
}
