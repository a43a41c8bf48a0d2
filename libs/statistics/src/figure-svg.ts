/** Numbers become texts of two decimals at most, so that equal data give equal bytes. */
type Attributes = Readonly<Record<string, string | number>>;

/** An element of SVG; its children are SVG already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const head = Object.entries(attributes).map(([key, value]) => ` ${key}="${attribute(value)}"`);
  const open = `<${name}${head.join('')}`;
  return children.length === 0 ? `${open}/>` : `${open}>${children.join('\n')}</${name}>`;
}

/** An element that holds a text. */
export function text(name: string, attributes: Attributes, content: string): string {
  return element(name, attributes, escaped(content));
}

export function decimal(value: number): string {
  const rounded = value.toFixed(2).replace(/\.?0+$/, '');
  return rounded === '-0' ? '0' : rounded;
}

/** How wide a text is about: fonts differ, and none can be measured here. */
export function widthOf(content: string, size: number): number {
  return content.length * size * 0.56;
}

const attribute = (value: string | number) => (typeof value === 'number' ? decimal(value) : escaped(value));

const escaped = (content: string) =>
  content
    // What XML 1.0 has no place for.
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
