import { type Caller, type Sight, sightOf } from '#access';
import type { Streams } from '#commands';
import { type Asked, type EventStore, momentOf } from '#event-store';
import { Problem } from '#problem';
import type { Casebook, Departure } from './casebook.js';
import { casebooks, subjectStream } from './casebook-stream.js';
import { reachOf } from './transfer/transfer-reach.js';

/** A casebook as a caller may see it: the state, what of it to show, and the position it stands at. */
export interface SeenCasebook {
  readonly casebook: Casebook;
  /** The one through which the caller sees it. */
  readonly site: string;
  readonly sight: Sight;
  readonly position: number;
  /** Where the subject was transferred to, seen from a site that it left. */
  readonly transferred?: Pick<Departure, 'to' | 'date'>;
  /** Whether nobody can read any more what identifies the subject, of whatever time. */
  readonly erased: boolean;
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

  /**
   * A site that the subject was transferred from sees the casebook as it left, whatever is asked.
   *
   * @throws Problem not-found, not-permitted, unavailable
   */
  async read(caller: Caller, study: string, subject: string, asked: Asked): Promise<SeenCasebook> {
    const { position, past } = await momentOf(this.store, study, asked);
    const stream = subjectStream(subject);
    const loaded = past
      ? await this.streams.asOf(study, stream, casebooks, position)
      : await this.streams.current(study, stream, casebooks);
    const now = past ? await this.streams.current(study, stream, casebooks) : loaded;
    const { site, departure } = reachOf(now.state, 'read casebook', { caller, log: study });
    const seen = { site, sight: sightOf(caller, study, site), erased: now.state.erasedAt !== undefined };
    if (loaded.revision < 0) throw new Problem('not-found', 'There is no such thing here.');
    if (!departure) return { ...seen, casebook: loaded.state, position, latest: now.state.definition };
    const { casebook, to, date } = departure;
    const left = await this.leftAt(study, subject, casebook.revision);
    const asLeft = position < left ? loaded.state : casebook;
    return {
      ...seen,
      casebook: asLeft,
      position: Math.min(position, left),
      latest: casebook.definition,
      ...(asLeft === casebook && { transferred: { to, date } }),
    };
  }

  /** The last position of the log before the transfer that followed on a revision of a casebook. */
  private async leftAt(study: string, subject: string, revision: number): Promise<number> {
    const [transfer] = await this.store.readStream(study, subjectStream(subject), revision);
    return transfer!.position - 1;
  }

  /** When a state that was read is looked at: a past one, at its own time. */
  async instant(
    study: string,
    { asOf }: Asked,
    { position, transferred }: Pick<SeenCasebook, 'position' | 'transferred'>,
  ): Promise<string> {
    if (transferred) return this.store.recordedAt(study, position);
    if (!asOf) return this.now().toISOString();
    return 'instant' in asOf ? asOf.instant : this.store.recordedAt(study, position);
  }

  /** The day of that, YYYY-MM-DD in UTC. */
  async today(study: string, asked: Asked, seen: SeenCasebook): Promise<string> {
    return (await this.instant(study, asked, seen)).slice(0, 10);
  }
}
