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
  /** When that was recorded. */
  readonly departed?: string;
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
    if (!departure) return { casebook: loaded.state, position, latest: now.state.definition, ...seen };
    const { casebook, to, date, at, revision } = departure;
    const [transfer] = await this.store.readStream(study, stream, revision - 1);
    const left = transfer!.position - 1;
    const known = { ...seen, latest: casebook.definition };
    return position <= left
      ? { ...known, casebook: loaded.state, position }
      : { ...known, casebook, position: left, transferred: { to, date }, departed: at };
  }

  /** When a state that was read is looked at: a past one, at its own time. */
  async instant(
    study: string,
    { asOf }: Asked,
    { position, departed }: Pick<SeenCasebook, 'position' | 'departed'>,
  ): Promise<string> {
    if (departed !== undefined) return departed;
    if (!asOf) return this.now().toISOString();
    return 'instant' in asOf ? asOf.instant : this.store.recordedAt(study, position);
  }

  /** The day of that, YYYY-MM-DD in UTC. */
  async today(study: string, asked: Asked, seen: SeenCasebook): Promise<string> {
    return (await this.instant(study, asked, seen)).slice(0, 10);
  }
}
