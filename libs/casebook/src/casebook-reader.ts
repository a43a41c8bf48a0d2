import { type Caller, type Sight, sightOf } from '#access';
import type { Streams } from '#commands';
import { type Asked, type EventStore, momentOf } from '#event-store';
import type { Casebook } from './casebook.js';
import { authoriseOn, casebooks, subjectStream } from './casebook-stream.js';

/** A casebook as a caller may see it: the state, what of it to show, and the position it stands at. */
export interface SeenCasebook {
  readonly casebook: Casebook;
  readonly sight: Sight;
  readonly position: number;
  /** The version of the definition that the casebook follows now, whatever it followed then. */
  readonly latest: number;
}

/** Reads casebooks by folding their events: as they are, or as they were after any position. */
export class CasebookReader {
  constructor(
    private readonly store: EventStore,
    private readonly streams: Streams,
    private readonly now: () => Date,
  ) {}

  /** @throws Problem not-found, not-permitted, unavailable */
  async read(caller: Caller, study: string, subject: string, asked: Asked): Promise<SeenCasebook> {
    const { position, past } = await momentOf(this.store, study, asked);
    const stream = subjectStream(subject);
    const loaded = past
      ? await this.streams.asOf(study, stream, casebooks, position)
      : await this.streams.current(study, stream, casebooks);
    const now = past ? await this.streams.current(study, stream, casebooks) : loaded;
    authoriseOn(loaded.state, 'read casebook', { caller, log: study });
    const sight = sightOf(caller, study, loaded.state.site);
    return { casebook: loaded.state, sight, position, latest: now.state.definition };
  }

  /** The day, YYYY-MM-DD in UTC, on which a state that was read is looked at: of a past one, its own. */
  async today(study: string, { asOf }: Asked, { position }: SeenCasebook): Promise<string> {
    const instant = asOf && ('instant' in asOf ? asOf.instant : await this.store.recordedAt(study, position));
    return (instant ?? this.now().toISOString()).slice(0, 10);
  }
}
