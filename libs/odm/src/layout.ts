import type { Element, Field } from './grammar.js';
import type { Step } from './unsupported.js';
import type { OdmVersion } from './version.js';

type Of<K extends Field['part']['kind']> = Field & { part: Extract<Field['part'], { kind: K }> };
export type AttributeField = Of<'attribute'>;
export type ChildField = Of<'child'> | Of<'children'>;

/** An element's fields in one version, by the names that documents use. */
export interface Layout {
  readonly attributes: ReadonlyMap<string, AttributeField | Of<'fixed'>>;
  readonly children: ReadonlyMap<string, { field: ChildField; element: Element; place: number }>;
  readonly omitted: ReadonlyMap<string, string>;
  readonly content: Of<'content'> | undefined;
  /** In the order of the schema. */
  readonly fields: readonly Field[];
  readonly keys: ReadonlySet<string>;
  /** The attribute that tells the element from its like. */
  readonly identity: AttributeField | undefined;
}

const layouts = new WeakMap<Element, Partial<Record<OdmVersion, Layout>>>();

export function layoutOf(element: Element, version: OdmVersion): Layout {
  const known = layouts.get(element) ?? {};
  layouts.set(element, known);
  known[version] ??= layOut(element.fields().filter(({ only }) => only === undefined || only === version));
  return known[version];
}

function layOut(fields: readonly Field[]): Layout {
  const attributes = fields.filter((field) => is(field, 'attribute') || is(field, 'fixed'));
  const nested = fields.filter((field) => is(field, 'child') || is(field, 'children'));
  const named = attributes.filter((field) => is(field, 'attribute'));
  return {
    attributes: new Map(attributes.map((field) => [field.part.name, field])),
    children: new Map(
      nested.flatMap((field) =>
        field.part.elements.map((element) => [
          element.name,
          { field, element, place: fields.indexOf(field) },
        ]),
      ),
    ),
    omitted: new Map(
      fields.filter((field) => is(field, 'omitted')).map(({ part }) => [part.name, part.reason]),
    ),
    content: fields.find((field) => is(field, 'content')),
    fields,
    keys: new Set(fields.map(({ key }) => key)),
    identity: named.find(
      ({ part }) => part.options.required && /^(?!File).*(OID|Key|CodedValue)$/.test(part.name),
    ),
  };
}

function is<K extends Field['part']['kind']>(field: Field, kind: K): field is Of<K> {
  return field.part.kind === kind;
}

/** What the key is called in documents of any version. */
export function nameOf(element: Element, key: string): string {
  const field = element.fields().find((candidate) => candidate.key === key);
  if (field?.part.kind === 'attribute') return `@${field.part.name}`;
  if (field?.part.kind === 'child' || field?.part.kind === 'children') return field.part.elements[0]!.name;
  return key;
}

/** An element's step in a path; `spellingOf` gives its attributes. */
export function stepOf(
  element: Element,
  layout: Layout,
  spellingOf: (field: AttributeField) => string | undefined,
): Step {
  const value = layout.identity && spellingOf(layout.identity);
  if (!layout.identity || value === undefined) return { name: element.name };
  return { name: element.name, identity: { attribute: layout.identity.part.name, value } };
}
