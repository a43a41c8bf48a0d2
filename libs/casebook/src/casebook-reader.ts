import { type Caller, type Sight, sightOf } from '#access';
import type { Streams } from '#commands';
import { type Asked, type EventStore, momentOf } from '#event-store';
import { authoriseOn, casebooks, subjectStream } from './casebook.commands.js';
import type { Casebook } from './casebook.js';

/** A casebook as a caller may see it: the state, what of it to show, and the position it stands at. */
export interface SeenCasebook {
  readonly casebook: Casebook;
  readonly sight: Sight;
  readonly position: number;
}

/** Reads casebooks by folding their events: as they are, or as they were after any position. */
export class CasebookReader {
  constructor(
    private readonly store: EventStore,
    private readonly streams: Streams,
  ) {}

  /** @throws Problem not-found, not-permitted, unavailable */
  async read(caller: Caller, study: string, subject: string, asked: Asked): Promise<SeenCasebook> {
    const { position, past } = await momentOf(this.store, study, asked);
    const stream = subjectStream(subject);
    const loaded = past
      ? await this.streams.asOf(study, stream, casebooks, position)
      : await this.streams.current(study, stream, casebooks);
    authoriseOn(loaded.state, 'read casebook', { caller, log: study });
    return { casebook: loaded.state, sight: sightOf(caller, study, loaded.state.site), position };
  }
}
