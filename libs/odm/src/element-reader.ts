import type { SaxesTagNS } from 'saxes';
import type { Faults } from './faults.js';
import type { Context, Element, Raw } from './grammar.js';
import { type ChildField, type Layout, layoutOf, stepOf } from './layout.js';
import type { Step, Tally } from './unsupported.js';
import { namespaces, type OdmVersion, versionOf } from './version.js';
import type { Position, XmlListener } from './xml-feed.js';

export interface ReadLimits {
  /** Elements within elements. */
  depth: number;
  /** Characters of one tag, text, comment or processing instruction. */
  token: number;
  /** Definitions, that is elements with an OID of their own, kept at once. */
  definitions: number;
  /** Elements kept at once. */
  elements: number;
}

/** Told of elements as they come, for documents that are too large to keep. */
export interface Sink {
  opened?(element: Element, raw: Raw): void;
  /** True: the value is taken, and not kept by the parent. */
  closed?(element: Element, value: unknown, parent: Element): boolean;
}

interface Frame {
  readonly element: Element;
  readonly layout: Layout;
  readonly field: ChildField | undefined;
  readonly raw: Raw;
  readonly at: Position;
  readonly step: Step;
  text: string;
  place: number;
  seen: Set<string> | undefined;
  /** Something in it has a fault, so that it cannot be read as a whole. */
  broken: boolean;
}

const XML = 'http://www.w3.org/XML/1998/namespace';
const XMLNS = 'http://www.w3.org/2000/xmlns/';
const XSI = 'http://www.w3.org/2001/XMLSchema-instance';

/** Builds our model from XML as the grammar of its root element says. */
export class ElementReader implements XmlListener {
  version: OdmVersion | undefined;
  /** The root's value, once it is closed. */
  value: unknown;
  readonly #frames: Frame[] = [];
  #skipped = 0;
  #elements = 0;
  #definitions = 0;

  constructor(
    private readonly root: Element,
    private readonly limits: ReadLimits,
    private readonly faults: Faults,
    private readonly tally: Tally,
    private readonly sink: Sink = {},
  ) {}

  refuse(code: string, message: string, at: Position): never {
    this.faults.add(code, message, this.#steps(), at);
    this.faults.raise();
    throw new Error('a fault was noted, so this is not reached');
  }

  open(tag: SaxesTagNS, at: Position): void {
    if (this.#skipped > 0) {
      this.#skipped++;
      return;
    }
    const parent = this.#frames.at(-1);
    if (!parent) {
      this.#openRoot(tag, at);
      return;
    }
    const reason = this.#reasonToSkip(tag, parent);
    if (reason !== undefined) {
      this.tally.add(this.#steps(), tag.name, reason, at);
      this.#skipped = 1;
      return;
    }
    const { field, element, place } = parent.layout.children.get(tag.local)!;
    if (place < parent.place) this.#lose(parent, 'its place among its siblings is not kept', tag.local);
    if (parent.raw[field.key] !== undefined && field.part.kind === 'child') {
      this.#fault(parent, 'repeated', `${tag.local} may stand here only once.`, at);
    }
    parent.place = Math.max(place, parent.place);
    this.#checkUnique(parent, tag, at);
    this.#push(element, field, tag, at);
  }

  text(text: string, at: Position): void {
    const frame = this.#frames.at(-1);
    if (!frame || this.#skipped > 0) return;
    if (frame.layout.content) {
      frame.text += text;
      if (frame.text.length > this.limits.token) {
        this.refuse('limit', `A text is longer than ${this.limits.token} characters.`, at);
      }
    } else if (/\S/.test(text)) {
      this.tally.add(this.#steps(), 'text()', 'text between elements', at);
    }
  }

  close(): void {
    if (this.#skipped > 0) {
      this.#skipped--;
      return;
    }
    const frame = this.#frames.at(-1)!;
    const value = this.#finish(frame);
    this.#frames.pop();
    const parent = this.#frames.at(-1);
    if (!parent) {
      this.value = value;
      return;
    }
    if (frame.broken) parent.broken = true;
    if (this.sink.closed?.(frame.element, value, parent.element)) {
      this.#elements = 0;
      this.#definitions = 0;
      return;
    }
    if (value === undefined) return;
    const { key, part } = frame.field!;
    if (part.kind === 'child') parent.raw[key] = value;
    else if (parent.raw[key] === undefined) parent.raw[key] = [value];
    else (parent.raw[key] as unknown[]).push(value);
  }

  /** What the root holds so far. */
  soFar(): unknown {
    return this.#finish(this.#frames[0]!);
  }

  #openRoot(tag: SaxesTagNS, at: Position): void {
    this.version = tag.local === this.root.name ? versionOf(tag.uri) : undefined;
    if (!this.version) {
      this.refuse('not-odm', 'The root element is not the ODM of CDISC ODM 1.3 or 2.0.', at);
    }
    this.#push(this.root, undefined, tag, at);
  }

  #reasonToSkip(tag: SaxesTagNS, parent: Frame): string | undefined {
    if (tag.uri !== namespaces[this.version!]) return `an extension of ${tag.uri || 'no namespace'}`;
    const omitted = parent.layout.omitted.get(tag.local);
    if (omitted !== undefined) return omitted;
    const known = parent.layout.children.get(tag.local);
    if (!known) return 'an element that is not modelled';
    const { leave } = known.element.rules;
    return leave?.(new Map(Object.values(tag.attributes).map(({ name, value }) => [name, value])));
  }

  #checkUnique(parent: Frame, tag: SaxesTagNS, at: Position): void {
    const { element, seen } = parent;
    for (const [child, attribute] of element.rules.unique ?? []) {
      const value = tag.attributes[attribute]?.value;
      if (value === undefined || (child !== '*' && child !== tag.local)) continue;
      const entry = `${child} ${attribute} ${value}`;
      if (seen!.has(entry)) {
        const message = `${attribute} ${value} stands twice.`;
        this.#fault(parent, 'duplicate', message, at, `${tag.local}/@${attribute}`);
      }
      seen!.add(entry);
    }
  }

  #push(element: Element, field: ChildField | undefined, tag: SaxesTagNS, at: Position): void {
    const layout = layoutOf(element, this.version!);
    this.#count(tag, at);
    const frame: Frame = {
      element,
      layout,
      field,
      raw: {},
      at,
      step: stepOf(element, layout, ({ part }) => tag.attributes[part.name]?.value),
      text: '',
      place: -1,
      seen: element.rules.unique && new Set(),
      broken: false,
    };
    this.#frames.push(frame);
    for (const attribute of Object.values(tag.attributes)) this.#readAttribute(frame, attribute);
    this.sink.opened?.(element, frame.raw);
  }

  #count(tag: SaxesTagNS, at: Position): void {
    const { elements, definitions } = this.limits;
    if (++this.#elements > elements) this.refuse('limit', `There are more than ${elements} elements.`, at);
    if (tag.attributes.OID && ++this.#definitions > definitions) {
      this.refuse('limit', `There are more than ${definitions} definitions.`, at);
    }
  }

  #readAttribute(
    frame: Frame,
    { uri, local, name, value }: { uri: string; local: string; name: string; value: string },
  ): void {
    const { layout, raw, at } = frame;
    const field = layout.attributes.get(uri === XML ? `xml:${local}` : name);
    if (field && (uri === '' || uri === XML)) {
      if (field.part.kind === 'fixed') return;
      const parsed = field.part.lexical.parse(detached(value));
      if (parsed === undefined) {
        this.#fault(frame, 'value', `“${shown(value)}” cannot stand here.`, at, `@${name}`);
      }
      raw[field.key] = parsed ?? null;
    } else if (uri !== XMLNS && !(uri === XSI && /chemaLocation$/.test(local))) {
      const reason = uri === '' ? 'an attribute that is not modelled' : `an extension of ${uri}`;
      this.tally.add(this.#steps(), `@${name}`, reason, at);
    }
  }

  /** What the element is read into; null stands for what is broken, until the faults are raised. */
  #finish(frame: Frame): unknown {
    const { element, layout, raw } = frame;
    if (layout.content) {
      const { key, part } = layout.content;
      const parsed = part.lexical.parse(detached(frame.text));
      if (parsed === undefined) {
        this.#fault(frame, 'value', `“${shown(frame.text)}” cannot stand here.`);
      }
      raw[key] = parsed;
    }
    this.#checkPresence(frame);
    const message = element.rules.check?.(raw);
    if (message !== undefined) this.#fault(frame, 'content', message);
    if (frame.broken) return null;
    const { read } = element.rules;
    return read ? read(raw, this.#context(frame)) : raw;
  }

  #checkPresence(frame: Frame): void {
    const { element, layout, raw } = frame;
    for (const { key, part } of layout.fields) {
      if (part.kind !== 'attribute' && part.kind !== 'child' && part.kind !== 'children') continue;
      if (raw[key] !== undefined) continue;
      if (part.kind === 'children' && part.options.always) raw[key] = [];
      if (!part.options.required || (part.kind === 'child' && part.options.blank)) continue;
      const missing = part.kind === 'attribute' ? `@${part.name}` : part.elements[0]!.name;
      this.#fault(frame, 'missing', `${element.name} needs ${missing}.`);
    }
  }

  #fault(frame: Frame, code: string, message: string, at = frame.at, part?: string): void {
    frame.broken = true;
    this.faults.add(code, message, this.#steps(), at, part);
  }

  #context(frame: Frame): Context {
    return { version: this.version!, lose: (reason, part) => this.#lose(frame, reason, part) };
  }

  #lose(frame: Frame, reason: string, part = 'text()'): void {
    this.tally.add(this.#steps(), part, reason, frame.at);
  }

  #steps(): Step[] {
    return this.#frames.map(({ step }) => step);
  }
}

function shown(value: string): string {
  return value.length > 60 ? `${value.slice(0, 59)}…` : value;
}

/** A copy: the parser hands out slices, each of which would keep its whole piece of the document alive. */
function detached(value: string): string {
  return value.length > 12 ? ` ${value}`.slice(1) : value;
}
