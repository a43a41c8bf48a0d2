import type { ClientBase } from 'pg';
import type { History } from '#commands';
import type { Fold } from '#event-store';
import type { Casebook } from '../casebook.js';
import { SUBJECTS, subjectStream } from '../casebook-stream.js';
import type { SubjectKeys } from './subject-key.table.js';

/**
 * Follows every log: destroys the keys of subjects whose identity was erased. Whoever erases does it as well, at
 * once; this is for what a crash left between the event and the key.
 */
export function foldErasure(keys: Pick<SubjectKeys, 'destroy'>): Fold {
  return async (client, log, events) => {
    for (const { type, stream } of events)
      if (type === 'IdentityErased') await keys.destroy(log, stream.slice(SUBJECTS.length), client);
  };
}

/** The same of one subject, from the whole stream. */
export async function eraseAgain(
  keys: Pick<SubjectKeys, 'destroy'>,
  log: string,
  { stream, state }: History,
): Promise<void> {
  if (!stream.startsWith(SUBJECTS)) return;
  const { subject, erasedAt } = state as Casebook;
  if (erasedAt !== undefined) await keys.destroy(log, subject);
}

/** Whether a subject's identity was erased, be the key destroyed yet or not. */
export async function seesErased(client: ClientBase, study: string, subject: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT FROM event WHERE log = $1 AND stream = $2 AND type = 'IdentityErased' LIMIT 1`,
    [study, subjectStream(subject)],
  );
  return rowCount === 1;
}
