import { pointerTo } from '#problem';
import type { Definition, FormDefinition, ItemDefinition } from './definition.js';
import { DEFAULT_LENGTH } from './item-value.js';

/** An element of a definition by itself: what it contains stands beside it, not in it. */
export interface Part {
  readonly section: string;
  /** OID or code; the section's own name for what there is only one of. */
  readonly oid: string;
  readonly label: string;
  /** Absence and its default are one and the same here. */
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface Place {
  readonly form: string;
  readonly group: string;
  /** Whether it is entered in rows. */
  readonly rows: boolean;
}

export interface Parts {
  /** By path: `/items/I.DM.SEX`, `/codeLists/CL.SEX/codes/F`. */
  readonly parts: ReadonlyMap<string, Part>;
  /** Paths in their order, by the path of what they stand in. */
  readonly orders: ReadonlyMap<string, readonly string[]>;
  /** OIDs of the items that use a code list. */
  users(codeList: string): readonly string[];
}

/** Takes a definition apart. Items, groups and forms have names of their own, so none is known by its place. */
export function partsOf(definition: Definition): Parts {
  const parts = new Map<string, Part>();
  const orders = new Map<string, string[]>();
  const add: Add = (within, path, part) => {
    parts.set(path, part);
    const order = orders.get(within);
    if (order) order.push(path);
    else orders.set(within, [path]);
  };
  const { visits, forms, codeLists, ...others } = definition;

  for (const { oid, label, ...visit } of visits)
    add('/visits', pointerTo('/visits', oid), {
      section: 'visits',
      oid,
      label,
      properties: { label, ...visit },
    });
  for (const form of forms) addForm(add, form);
  for (const { oid, label, codes } of codeLists) {
    const path = pointerTo('/codeLists', oid);
    add('/codeLists', path, { section: 'codeLists', oid, label, properties: { label } });
    for (const { code, label: text } of codes)
      add(`${path}/codes`, pointerTo(`${path}/codes`, code), {
        section: 'codes',
        oid: code,
        label: text,
        properties: { label: text },
      });
  }
  for (const [section, value] of Object.entries(others)) {
    if (section === 'constants')
      for (const [oid, one] of Object.entries(value)) addNamed(add, section, { oid, value: one });
    else if (Array.isArray(value)) for (const one of value) addNamed(add, section, one);
    else parts.set(`/${section}`, { section, oid: section, label: section, properties: { ...value } });
  }
  const items = forms.flatMap(itemsOf);
  return {
    parts,
    orders,
    users: (list) => items.filter((item) => item.codeList === list).map((item) => item.oid),
  };
}

type Add = (within: string, path: string, part: Part) => void;

function addForm(add: Add, { groups, oid: form, label: formLabel, repeating }: FormDefinition): void {
  const at = pointerTo('/forms', form);
  add('/forms', at, {
    section: 'forms',
    oid: form,
    label: formLabel,
    properties: { label: formLabel, repeating },
  });
  for (const { items, oid, label, ...group } of groups) {
    const path = pointerTo('/groups', oid);
    add(`${at}/groups`, path, { section: 'groups', oid, label, properties: { label, form, ...group } });
    for (const item of items) {
      const place: Place = { form, group: oid, rows: group.repeating };
      add(`${path}/items`, pointerTo('/items', item.oid), {
        section: 'items',
        oid: item.oid,
        label: item.label,
        properties: propertiesOf(item, place),
      });
    }
  }
}

function propertiesOf({ oid: _, range, ...item }: ItemDefinition, place: Place): Part['properties'] {
  return {
    ...item,
    place,
    softRange: range?.soft,
    hardRange: range?.hard,
    length: item.type === 'text' ? (item.length ?? DEFAULT_LENGTH) : undefined,
    identifying: item.identifying ?? false,
    revealsArm: item.revealsArm ?? false,
    derived: item.derived ?? false,
    hiddenFrom: [...(item.hiddenFrom ?? [])].sort(),
  };
}

/** Whatever else is a list: each of its elements is known by its OID, its code, or the item that it is for. */
function addNamed(add: Add, section: string, element: object): void {
  const { oid, code, item, label } = element as Record<string, string | undefined>;
  const name = oid ?? code ?? item ?? '';
  add(`/${section}`, pointerTo(`/${section}`, name), {
    section,
    oid: name,
    label: label ?? name,
    properties: { ...element },
  });
}

function itemsOf({ groups }: FormDefinition): readonly ItemDefinition[] {
  return groups.flatMap((group) => group.items);
}
