import type { CompiledItem, CompiledStudy } from './compile.js';

/**
 * The versions of a definition by which a casebook's data are read. An entry is read in the terms of the
 * version that it was made with: its label, type, unit and codes. Who may see it, the newest version says
 * that has the item.
 */
export class Lineage {
  /** The version that the casebook follows. */
  readonly followed: CompiledStudy;
  /** The newest first. */
  private readonly versions: readonly CompiledStudy[];
  private readonly readings = new Map<number, CompiledStudy>();

  /** @param versions from the first, without a gap, at least to the one that is followed */
  constructor(versions: readonly CompiledStudy[], followed = versions.length) {
    this.versions = versions.toReversed();
    this.followed = versions[followed - 1]!;
  }

  /** The one that it came to follow since. */
  get newest(): CompiledStudy {
    return this.versions[0]!;
  }

  /**
   * For what was entered with a version. What that version no longer has, codes too, is as it last was before:
   * a correction replaces what was entered with an earlier one. Codes stand in the version's order, then those
   * that it no longer has.
   */
  readAs(version = this.followed.version): CompiledStudy {
    const known = this.readings.get(version);
    if (known) return known;
    const upTo = this.upTo(version);
    const items = new Map<string, CompiledItem | undefined>();
    const reading: CompiledStudy = {
      ...upTo[0]!,
      visit: (oid) => newest(upTo, (one) => one.visit(oid)),
      form: (oid) => newest(upTo, (one) => one.form(oid)),
      group: (oid) => newest(upTo, (one) => one.group(oid)),
      item: (oid) => {
        if (!items.has(oid)) items.set(oid, this.guarded(upTo.flatMap((one) => one.item(oid) ?? [])));
        return items.get(oid);
      },
    };
    this.readings.set(version, reading);
    return reading;
  }

  /** What the newest version that is followed, or was before, finds. */
  lastWith<T>(find: (version: CompiledStudy) => T | undefined): T | undefined {
    return newest(this.upTo(this.followed.version), find);
  }

  /** Whether any version asks for what identifies the subject in a form. */
  identifies(form: string): boolean {
    return this.versions.some((one) => one.form(form)?.items.some((item) => item.identifying));
  }

  private upTo(version: number): readonly CompiledStudy[] {
    return this.versions.filter((one) => one.version <= version);
  }

  /** @param terms of one item in several versions, the newest first */
  private guarded([item, ...before]: readonly CompiledItem[]): CompiledItem | undefined {
    if (!item) return undefined;
    const guard = newest(this.versions, (one) => one.item(item.oid))!;
    if (before.length === 0 && guard === item) return item;
    const codes = [item, ...before].flatMap((one) => [...(one.codes ?? [])]);
    const { identifying: _, hiddenFrom: __, revealsArm: ___, ...terms } = item;
    const { identifying, hiddenFrom, revealsArm } = guard;
    return {
      ...terms,
      ...(item.codes && { codes: firstOfEach(codes) }),
      ...(identifying !== undefined && { identifying }),
      ...(hiddenFrom !== undefined && { hiddenFrom }),
      ...(revealsArm !== undefined && { revealsArm }),
    };
  }
}

/** Of several pairs with one key the first, in the order in which keys first come. */
function firstOfEach<K, V>(pairs: readonly (readonly [K, V])[]): Map<K, V> {
  const first = new Map<K, V>();
  for (const [key, value] of pairs) if (!first.has(key)) first.set(key, value);
  return first;
}

/** Versions come with the newest first. */
function newest<T>(
  versions: readonly CompiledStudy[],
  find: (version: CompiledStudy) => T | undefined,
): T | undefined {
  for (const version of versions) {
    const found = find(version);
    if (found !== undefined) return found;
  }
  return undefined;
}
