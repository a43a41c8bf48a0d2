import type { Entry } from './casebook-view.js';
import { spanOf } from './date-span.js';
import type { Datum } from './expression.js';
import type { Held } from './facts.js';
import type { ItemType } from './types.js';

export function heldIn(entry: Entry, name: string): Held | undefined {
  return Object.hasOwn(entry.items, name) ? entry.items[name] : undefined;
}

/** Reads an item's value; not known where there is none, or one of another type than the item's. */
export function readerOf({ name, type }: ItemType): (entry: Entry) => Datum | undefined {
  const read = readerOfType(type.kind);
  return (entry) => {
    const held = heldIn(entry, name);
    return held === undefined ? undefined : read(held);
  };
}

function readerOfType(kind: ItemType['type']['kind']): (held: Held) => Datum | undefined {
  switch (kind) {
    case 'int':
      return (held) => (Number.isSafeInteger(held) ? (held as number) : undefined);
    case 'double':
      return (held) => (Number.isFinite(held) ? (held as number) : undefined);
    case 'bool':
      return (held) => (typeof held === 'boolean' ? held : undefined);
    case 'date':
      return (held) => (typeof held === 'string' ? spanOf(held) : undefined);
    case 'list':
      return (held) => (Array.isArray(held) ? (held as readonly string[]) : undefined);
    default:
      return (held) => (typeof held === 'string' ? held : undefined);
  }
}
