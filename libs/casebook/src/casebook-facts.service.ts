import type { Pool } from 'pg';
import { authorise, type Caller, type Permission, sightOf } from '#access';
import type { Context } from '#commands';
import type { Actor } from '#event-store';
import type { CompiledStudy, Studies } from '#study';
import type { Casebook } from './casebook.js';
import { sealedPlace } from './casebook-stream.js';
import type { ConsequenceFacts } from './consequences.js';
import { unseal } from './identity/seal.js';
import type { SubjectKeys } from './identity/subject-key.table.js';

/** Where the facts come from that decisions on casebooks are taken with. */
export class CasebookFacts {
  constructor(
    readonly studies: Studies,
    readonly keys: SubjectKeys,
    readonly pool: Pool,
  ) {}

  /** For acts that change no form: nothing is known of what they affect, so what identifies is at hand. */
  async of(
    type: Permission,
    context: Context<Caller>,
    casebook: Casebook,
    study?: CompiledStudy,
  ): Promise<ConsequenceFacts> {
    const { log, caller } = context;
    const followed = study ?? (await this.studies.version(log, casebook.definition));
    const reads = followed.expressions.mayReadIdentity();
    const key = reads ? await this.keyOf(log, casebook) : undefined;
    return consequenceFacts(context, casebook, authorise(caller, type, log, casebook.site), followed, key);
  }

  /** Undefined from the erasure on, whether the key itself is destroyed yet or not. */
  async keyOf(study: string, { subject, erasedAt }: Casebook): Promise<Buffer | undefined> {
    return erasedAt ? undefined : this.keys.of(study, subject);
  }
}

/** @param key of the subject, only where it is needed */
export function consequenceFacts(
  { log, caller, now }: Context<Caller>,
  { subject, site }: Casebook,
  actor: Actor,
  study: CompiledStudy,
  key: Uint8Array | undefined,
): ConsequenceFacts {
  return {
    study,
    actor,
    today: today(now),
    now: now.toISOString(),
    mayEnter: sightOf(caller, log, site).item,
    open: key && ((address, path, sealed) => unseal(key, sealedPlace(log, subject, address, path), sealed)),
  };
}

/** The latest day that it is anywhere: a centre far east is not told that its own date lies in the future. */
export const today = (now: Date) => new Date(now.getTime() + 14 * 3_600_000).toISOString().slice(0, 10);
