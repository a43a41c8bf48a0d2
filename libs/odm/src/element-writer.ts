import { escapeAttribute, escapeText, xmlChars } from './escape.js';
import type { Context, Element, Field, Raw } from './grammar.js';
import { layoutOf, nameOf, stepOf } from './layout.js';
import type { Step, Tally } from './unsupported.js';
import type { OdmVersion } from './version.js';

/** Where an element is written: its ancestors, and who is told of what it leaves out. */
export interface Setting {
  readonly version: OdmVersion;
  readonly tally: Tally;
  readonly ancestors: readonly Step[];
}

/** The element as XML, indented by its depth, with a line break at the end. The same value gives the same bytes. */
export function writeElement(element: Element, value: unknown, setting: Setting): string {
  const { start, inner, text, step } = render(element, value, setting);
  const indent = '  '.repeat(setting.ancestors.length);
  if (text) return `${indent}<${start}>${text}</${step.name}>\n`;
  return inner === '' ? `${indent}<${start}/>\n` : `${indent}<${start}>\n${inner}${indent}</${step.name}>\n`;
}

/** The element without its end tag, and what its further children are written in. */
export function writeOpen(
  element: Element,
  value: unknown,
  setting: Setting,
): { xml: string; within: Setting; end: string } {
  const { start, inner, step } = render(element, value, setting);
  const indent = '  '.repeat(setting.ancestors.length);
  return {
    xml: `${indent}<${start}>\n${inner}`,
    within: { ...setting, ancestors: [...setting.ancestors, step] },
    end: `${indent}</${step.name}>\n`,
  };
}

interface Rendered {
  start: string;
  inner: string;
  text?: string;
  step: Step;
}

function render(element: Element, value: unknown, setting: Setting): Rendered {
  const { version, tally, ancestors } = setting;
  const layout = layoutOf(element, version);
  let step: Step = { name: element.name };
  const context: Context = {
    version,
    lose: (reason, part = 'text()') => tally.add([...ancestors, step], part, reason),
  };
  step = stepOf(element, layout, ({ key, part }) => {
    const identity = (value as Raw)[key];
    return identity === undefined ? undefined : part.lexical.print(identity, () => {});
  });
  const raw = element.rules.write ? element.rules.write(value, context) : (value as Raw);
  const within: Setting = { ...setting, ancestors: [...ancestors, step] };
  reportUnwritten(element, raw, layout.keys, context);

  let start = element.name;
  let inner = '';
  let text: string | undefined;
  for (const field of layout.fields) {
    const { part } = field;
    if (part.kind === 'content') text = escapeText(printed(field, raw, context) ?? '');
    else if (part.kind === 'fixed') start += ` ${part.name}="${escapeAttribute(part.value)}"`;
    else if (part.kind === 'attribute') {
      const spelling = printed(field, raw, context);
      if (spelling !== undefined) start += ` ${part.name}="${escapeAttribute(spelling)}"`;
    } else inner += writeChildren(field, raw, within);
  }
  return { start, inner, step, ...(text !== undefined && { text }) };
}

/** Values under keys that this version has no place for. */
function reportUnwritten(element: Element, raw: Raw, keys: ReadonlySet<string>, context: Context): void {
  for (const [key, value] of Object.entries(raw)) {
    if (value === undefined || keys.has(key) || (Array.isArray(value) && value.length === 0)) continue;
    context.lose(`ODM ${context.version} has no place for it`, nameOf(element, key));
  }
}

/** An attribute's or a text's spelling, if it has one; required ones always have. */
function printed({ key, part }: Field, raw: Raw, context: Context): string | undefined {
  if (part.kind !== 'attribute' && part.kind !== 'content') return undefined;
  const place = part.kind === 'attribute' ? `@${part.name}` : 'text()';
  const value = raw[key];
  const lose = (reason: string) => context.lose(reason, place);
  const spelling = value === undefined ? undefined : part.lexical.print(value, lose);
  if (spelling !== undefined) {
    const clean = xmlChars(spelling);
    if (clean !== spelling) lose('characters that XML cannot hold were replaced');
    return clean;
  }
  if (part.kind === 'content') {
    if (value !== undefined) lose(`ODM ${context.version} has no such value`);
    return undefined;
  }
  const { required, otherwise } = part.options;
  if (required && otherwise === undefined) throw new TypeError(`${place} has no valid value: ${value}`);
  const instead = required ? `; ${otherwise} was written` : '';
  if (value !== undefined) lose(`ODM ${context.version} has no such value${instead}`);
  else if (required) lose(`ODM ${context.version} requires it${instead}`);
  return required ? otherwise : undefined;
}

function writeChildren({ key, part }: Field, raw: Raw, within: Setting): string {
  if (part.kind === 'child') {
    const [element] = part.elements;
    if (raw[key] !== undefined) return writeElement(element!, raw[key], within);
    return part.options.blank ? `${'  '.repeat(within.ancestors.length)}<${element!.name}/>\n` : '';
  }
  if (part.kind !== 'children') return '';
  const values = (raw[key] ?? []) as unknown[];
  return values
    .map((value) => {
      const element = part.elements.find(({ rules }) => rules.fits?.(value) ?? true)!;
      return writeElement(element, value, within);
    })
    .join('');
}
