import type { Pool } from 'pg';
import { advance, type Loaded } from '#commands';
import type { RecordedEvent } from '#event-store';
import { type Casebook, emptyCasebook } from './casebook.js';
import { casebooks } from './casebook-stream.js';

/** Events that a list of subjects or queries depends on; entered values are most of a log, and not among them. */
const LISTED = [
  'SubjectEnrolled',
  'DefinitionAdopted',
  'ArmAllocated',
  'ArmCrossedOver',
  'ScreeningFailed',
  'SubjectWithdrawn',
  'SubjectCompleted',
  'SubjectTransferred',
  'SubjectReinstated',
  'SubjectDied',
  'DeathRetracted',
  'QueryRaised',
  'QueryAnswered',
  'QueryClosed',
  'QueryReopened',
  'QueryCancelled',
  'SignatureGiven',
  'SignatureBroken',
  'QueryCommented',
];

/** Every casebook of a study as it stood after a position, but without what was entered into its forms. */
export async function casebooksAsOf(pool: Pool, study: string, position: number): Promise<Casebook[]> {
  const { rows } = await pool.query<{ entry: string }>(
    `SELECT entry FROM event WHERE log = $1 AND position <= $2 AND type = ANY($3) AND stream LIKE 'subject/%' ORDER BY position`,
    [study, position, LISTED],
  );
  const streams = new Map<string, Loaded<Casebook>>();
  for (const row of rows) {
    const event: RecordedEvent = JSON.parse(row.entry);
    const before = streams.get(event.stream) ?? { state: emptyCasebook, revision: -1, position: -1 };
    streams.set(event.stream, advance(before, casebooks, [event]));
  }
  return [...streams.values()].map(({ state }) => state);
}
