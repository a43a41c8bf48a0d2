import type { Alias } from '#odm';

/**
 * What a definition says and ODM has no element for stands in an Alias: its Context is `daybook:` and the
 * property's name, its Name the value as JSON.
 */
const PREFIX = 'daybook:';

export type Extension = Readonly<Record<string, unknown>>;

/** None where there is nothing to say, as ODM's model has it. */
export function aliasesOf(extension: Extension): { aliases?: Alias[] } {
  const aliases = Object.entries(extension)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({ context: PREFIX + name, name: JSON.stringify(value) }));
  return aliases.length > 0 ? { aliases } : {};
}

/** What the aliases of our own say; others are left aside, and a value that is no JSON is taken for a text. */
export function extensionOf({ aliases = [] }: { aliases?: Alias[] }): Extension {
  return Object.fromEntries(
    aliases
      .filter(({ context }) => context.startsWith(PREFIX))
      .map(({ context, name }) => [context.slice(PREFIX.length), parsed(name)]),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
