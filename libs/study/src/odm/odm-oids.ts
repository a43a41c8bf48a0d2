import type { MetaDataVersion } from '#odm';
import { isOid } from '#values';

const LONGEST = 64;

/** Kinds of elements of which each has OIDs of its own in a definition; in ODM they share them. */
export type Kind = 'visit' | 'form' | 'group' | 'item' | 'codeList' | 'check' | 'derivation' | 'condition';

/** ODM's OIDs of a definition's elements, by kind and the definition's OID; of a derivation or condition, its item's. */
export type OdmOids = Readonly<Record<Kind, ReadonlyMap<string, string>>>;

function noOids(): Record<Kind, Map<string, string>> {
  return {
    visit: new Map(),
    form: new Map(),
    group: new Map(),
    item: new Map(),
    codeList: new Map(),
    check: new Map(),
    derivation: new Map(),
    condition: new Map(),
  };
}

/**
 * Names elements that come from ODM, whose OIDs may be any text: one that a definition takes stays, of another
 * what is not taken becomes `_`. An element that ODM uses in several places is named anew for each.
 */
export class OidMaker {
  readonly oids = noOids();
  readonly #kept: Readonly<Record<Kind, ReadonlySet<string>>>;

  constructor({ studyEvents, forms, itemGroups, items, codeLists, conditions, methods }: MetaDataVersion) {
    const kept = (list: readonly { oid: string }[]) => new Set(list.map(({ oid }) => oid).filter(isOid));
    this.#kept = {
      visit: kept(studyEvents),
      form: kept(forms),
      group: kept(itemGroups),
      item: kept(items),
      codeList: kept(codeLists),
      check: kept(conditions),
      derivation: kept(methods),
      condition: new Set(),
    };
  }

  /** @param own the OID that a definition of ours had, where the document tells it */
  name(kind: Kind, odmOid: string, own?: unknown): string {
    const taken = this.oids[kind];
    const wanted = isOid(own) ? own : odmOid;
    const mayBe = (oid: string) =>
      isOid(oid) && !taken.has(oid) && (oid === wanted || !this.#kept[kind].has(oid));
    const name = mayBe(wanted) ? wanted : numbered(plainOid(wanted), mayBe);
    taken.set(name, odmOid);
    return name;
  }
}

/** The nearest text that is an OID here. */
export function plainOid(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9_.-]/g, '_');
  return (/^[A-Za-z]/.test(plain) ? plain : `X${plain}`).slice(0, LONGEST);
}

function numbered(oid: string, mayBe: (oid: string) => boolean): string {
  for (let n = 1; ; n++) {
    const ending = n === 1 ? '' : `_${n}`;
    const candidate = oid.slice(0, LONGEST - ending.length) + ending;
    if (mayBe(candidate)) return candidate;
  }
}

const prefixes: Readonly<Record<Kind, string>> = {
  visit: 'SE',
  form: 'F',
  group: 'IG',
  item: 'I',
  codeList: 'CL',
  check: 'C',
  derivation: 'M',
  condition: 'IF',
};

/** OIDs for ODM, where no two elements may share one: the definition's, as long as they are free. */
export class OdmOidMaker {
  readonly oids = noOids();
  readonly #taken: Set<string>;

  /** @param known those of elements that came from ODM; `others` are taken, too */
  constructor(
    private readonly known: OdmOids | undefined,
    others: Iterable<string>,
  ) {
    this.#taken = new Set(others);
  }

  name(kind: Kind, oid: string): string {
    const name = this.known?.[kind].get(oid) ?? this.#free(kind, oid);
    this.oids[kind].set(oid, name);
    return name;
  }

  #free(kind: Kind, oid: string): string {
    let name = oid;
    while (this.#taken.has(name)) name = `${prefixes[kind]}.${name}`;
    this.#taken.add(name);
    return name;
  }
}
