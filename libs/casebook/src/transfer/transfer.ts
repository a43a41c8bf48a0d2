import { Problem } from '#problem';
import type { Casebook, CasebookEvent } from '../casebook.js';
import type { Reason } from '../held.js';
import { invalid, refuseFuture } from '../subject/subject.js';

export interface TransferSubject {
  readonly subject: string;
  /** The site that takes the subject over. */
  readonly site: string;
  /** Day of the transfer, YYYY-MM-DD; the day on which it is recorded unless said. */
  readonly date?: string;
  readonly reason: Reason;
}

export interface TransferFacts {
  readonly today: string;
  /** RFC 3339. */
  readonly now: string;
  readonly siteExists: boolean;
}

/** The casebook goes with the subject, under the key that it has; a site closed for enrolment may take it over. */
export function transferSubject(
  { site: to, date, reason }: TransferSubject,
  { site: from }: Casebook,
  { today, now, siteExists }: TransferFacts,
): CasebookEvent[] {
  if (!siteExists) throw invalid('/site', 'unknown-site', `The study has no site ${to}.`);
  if (from === to) throw new Problem('conflict', `The subject is at site ${to} already.`);
  if (date !== undefined) refuseFuture(date, '/date', today);
  return [{ type: 'SubjectTransferred', data: { from, to, date: date ?? now.slice(0, 10), reason } }];
}
