import type { Loaded, Streams } from '#commands';
import { Problem } from '#problem';
import { type CompiledStudy, compile } from './definition/compile.js';
import { Lineage } from './definition/lineage.js';
import { STUDY_LOCKS, studyLocks } from './lock/lock.commands.js';
import type { StudyLocks } from './lock/lock.js';
import type { Publications } from './publication.js';
import { PUBLICATIONS, publications } from './study.commands.js';

/** The studies' definitions, compiled once a version: what was published never changes. */
export class Studies {
  private readonly compiled = new Map<string, CompiledStudy>();
  private readonly lineages = new Map<string, Lineage>();

  constructor(private readonly streams: Streams) {}

  /** @throws Problem not-found */
  async version(study: string, version: number): Promise<CompiledStudy> {
    const name = `${study} ${version}`;
    const known = this.compiled.get(name);
    if (known) return known;
    const definition = (await this.publications(study)).versions[version - 1]?.definition;
    if (!definition) throw new Problem('not-found', `There is no version ${version} of this definition.`);
    const compiled = compile(definition, version);
    this.compiled.set(name, compiled);
    return compiled;
  }

  /** The version that new subjects follow. @throws Problem not-found when there is no such study */
  async current(study: string): Promise<CompiledStudy> {
    const { versions } = await this.publications(study);
    return this.version(study, versions.length);
  }

  /**
   * The versions by which data of a casebook are read that follows, or then followed, version `followed`.
   *
   * @param latest the version that the casebook follows now, whose rules of who may see what hold for the past
   * @throws Problem not-found
   */
  async lineage(study: string, followed: number, latest = followed): Promise<Lineage> {
    const name = `${study} ${followed} ${latest}`;
    const known = this.lineages.get(name);
    if (known) return known;
    const numbers = Array.from({ length: latest }, (_, i) => i + 1);
    const versions = await Promise.all(numbers.map((version) => this.version(study, version)));
    const lineage = new Lineage(versions, followed);
    this.lineages.set(name, lineage);
    return lineage;
  }

  /** What of the study is frozen or locked, for decisions: as this node knows it. */
  async locks(study: string): Promise<Loaded<StudyLocks>> {
    const known = this.streams.cached<StudyLocks>(study, STUDY_LOCKS);
    if (known) return known;
    const loaded = await this.currentLocks(study);
    // That nothing was ever locked is remembered as well.
    this.streams.keep(study, STUDY_LOCKS, loaded);
    return loaded;
  }

  /** The same as of now, whichever node wrote last. */
  currentLocks(study: string): Promise<Loaded<StudyLocks>> {
    return this.streams.current(study, STUDY_LOCKS, studyLocks);
  }

  /** What of the study was frozen or locked after a position. */
  async locksAsOf(study: string, position: number): Promise<StudyLocks> {
    return (await this.streams.asOf(study, STUDY_LOCKS, studyLocks, position)).state;
  }

  async publications(study: string): Promise<Publications> {
    return (await this.streams.current(study, PUBLICATIONS, publications)).state;
  }
}
