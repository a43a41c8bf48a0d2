import type { Definition } from './definition.js';
import { type Part, type Parts, partsOf } from './definition-parts.js';
import { addition, type Finding, propertyChange, removal } from './diff-rules.js';

/** One difference between two versions of a definition. */
export interface DefinitionChange extends Finding {
  /** By names, whatever the order: `/items/I.DM.SEX/label`, `/codeLists/CL.SEX/codes/F`. */
  readonly path: string;
  /** Of the element; a code, for a code. */
  readonly oid: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

/**
 * What changes from one version of a study to another: nothing only where both say the same. A list of
 * elements that are in another order is one change; an element that is new or gone is one, whatever it says.
 */
export function diffDefinitions(before: Definition, after: Definition): DefinitionChange[] {
  const old = partsOf(before);
  const now = partsOf(after);
  const gone = [...old.parts].filter(([path]) => !now.parts.has(path));
  return [
    ...gone.map(([path, part]) => ({ path, oid: part.oid, ...removal(part, path, old) })),
    ...[...now.parts].flatMap(([path, part]): DefinitionChange[] => {
      const earlier = old.parts.get(path);
      if (earlier) return partChanges(path, earlier, part, { old, now });
      return [{ path, oid: part.oid, ...addition(part, old) }];
    }),
    ...orderChanges(old, now),
  ];
}

function partChanges(
  path: string,
  before: Part,
  after: Part,
  versions: { old: Parts; now: Parts },
): DefinitionChange[] {
  const names = new Set([...Object.keys(before.properties), ...Object.keys(after.properties)]);
  return [...names].flatMap((name) => {
    const from = before.properties[name];
    const to = after.properties[name];
    if (same(from, to)) return [];
    return propertyChange(name, { before, after, from, to, ...versions }).map((finding) => ({
      path: `${path}/${name}`,
      oid: after.oid,
      ...finding,
      // A whole document, which the rest of the definition tells already.
      ...(from !== undefined && after.section !== 'odm' && { from }),
      ...(to !== undefined && after.section !== 'odm' && { to }),
    }));
  });
}

/** Lists in which what both versions have stands in another order. */
function orderChanges(old: Parts, now: Parts): DefinitionChange[] {
  return [...now.orders].flatMap(([path, order]): DefinitionChange[] => {
    const earlier = old.orders.get(path) ?? [];
    const from = earlier.filter((one) => order.includes(one));
    const to = order.filter((one) => earlier.includes(one));
    if (same(from, to)) return [];
    const names = (paths: readonly string[]) => paths.map((one) => now.parts.get(one)!.oid);
    const oid = path.split('/')[2] ?? '';
    const text = `The order is now ${names(to).join(', ')}.`;
    return [{ path, oid, kind: 'reordered', verdict: 'safe', text, from: names(from), to: names(to) }];
  });
}

/** Whether two JSON values are the same, in whatever order the members of their objects are. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) =>
    same((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]),
  );
}
