import type { Pool } from 'pg';
import { advance, type Loaded } from '#commands';
import type { RecordedEvent } from '#event-store';
import { type Casebook, emptyCasebook } from './casebook.js';
import { casebooks, subjectStream } from './casebook-stream.js';

/** Events that a list of subjects, queries, signatures or deaths depends on; entered values are most of a log, and not among them. */
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
  'OpinionRecorded',
  'EndpointAdjudicated',
  'AdjudicationReopened',
];

/** Every casebook of a study as it stood after a position, but without what was entered into its forms. */
export async function casebooksAsOf(pool: Pool, study: string, position: number): Promise<Casebook[]> {
  const { rows } = await pool.query<{ entry: string }>(
    `SELECT entry FROM event WHERE log = $1 AND position <= $2 AND type = ANY($3) AND stream LIKE 'subject/%' ORDER BY position`,
    [study, position, LISTED],
  );
  return folded(rows);
}

/** Casebooks that are folded together. */
const BATCH = 50;

/**
 * Whole casebooks of a study as they stood after a position, by subject key from one on: a list that depends on
 * what is entered reads no further than its page goes.
 *
 * @param only this one of them
 */
export async function* wholeCasebooksAsOf(
  pool: Pool,
  study: string,
  position: number,
  { from, only }: { readonly from: string; readonly only: string | undefined },
): AsyncGenerator<Casebook> {
  for (let first = from, after = '>='; ; after = '>') {
    const { rows: subjects } = await pool.query<{ subject: string }>(
      `SELECT subject FROM subject WHERE study = $1 AND subject ${after} $2
         AND ($3::text IS NULL OR subject = $3) ORDER BY subject LIMIT $4`,
      [study, first, only, BATCH],
    );
    const { rows } = await pool.query<{ entry: string }>(
      `SELECT entry FROM event WHERE log = $1 AND stream = ANY($2) AND position <= $3
       ORDER BY array_position($2, stream), revision`,
      [study, subjects.map(({ subject }) => subjectStream(subject)), position],
    );
    yield* folded(rows);
    if (subjects.length < BATCH) return;
    first = subjects.at(-1)!.subject;
  }
}

/** In the order in which the streams begin. */
function folded(rows: readonly { entry: string }[]): Casebook[] {
  const streams = new Map<string, Loaded<Casebook>>();
  for (const { entry } of rows) {
    const event: RecordedEvent = JSON.parse(entry);
    const before = streams.get(event.stream) ?? { state: emptyCasebook, revision: -1, position: -1 };
    streams.set(event.stream, advance(before, casebooks, [event]));
  }
  return [...streams.values()].map(({ state }) => state);
}
