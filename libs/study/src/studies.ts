import type { Streams } from '#commands';
import { Problem } from '#problem';
import { type CompiledStudy, compile } from './compile.js';
import type { Publications } from './publication.js';
import { PUBLICATIONS, publications } from './study.commands.js';

/** The studies' definitions, compiled once a version: what was published never changes. */
export class Studies {
  private readonly compiled = new Map<string, CompiledStudy>();

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

  async publications(study: string): Promise<Publications> {
    return (await this.streams.current(study, PUBLICATIONS, publications)).state;
  }
}
