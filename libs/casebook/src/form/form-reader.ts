import { type Fault, pointerTo } from '#problem';
import {
  type CompiledForm,
  type CompiledGroup,
  type CompiledItem,
  type CompiledStudy,
  checkValue,
} from '#study';
import { isMissingCode } from '#values';
import { type ItemAddress, itemPath } from '../address.js';
import type { Held, Sealed, Value } from '../held.js';

/** One value, checked against its item and sealed where it identifies the subject. */
export interface Entry extends ItemAddress {
  readonly to: Held | null;
  /** JSON Pointer to where it stands in the request. */
  readonly pointer: string;
}

export interface EntryFacts {
  readonly study: CompiledStudy;
  readonly today: string;
  /** False for items that the caller's role must not touch. */
  mayEnter(item: CompiledItem): boolean;
  seal(path: string, text: string): Sealed;
}

/** How many rows a repeating group may have. */
export const mostRows = ({ maxRows = 1000 }: CompiledGroup) => maxRows;

interface Values {
  readonly items?: Readonly<Record<string, unknown>>;
  readonly missing?: Readonly<Record<string, unknown>>;
}

interface RowPlace {
  readonly group: string;
  readonly row: string;
}

interface EnteredRow extends Values {
  readonly rowKey: string;
}

/** Reads the values of one form, noting every fault with its place instead of stopping at the first. */
export class FormReader {
  constructor(
    private readonly form: CompiledForm,
    private readonly facts: EntryFacts,
    private readonly faults: Fault[],
  ) {}

  readRows(group: string, rows: unknown): Entry[] {
    const at = pointerTo('/rows', group);
    const definition = this.form.groups.find((one) => one.oid === group && one.repeating);
    if (!definition) return this.fault(at, 'unknown-group', `The form has no repeating group ${group}.`);
    if (!Array.isArray(rows) || !rows.every(isRow)) {
      return this.fault(at, 'wrong-type', 'A list of rows, each { rowKey, items, missing }.');
    }
    const most = mostRows(definition);
    if (rows.length > most) return this.fault(at, 'too-many-rows', `At most ${most} rows.`);
    const keys = rows.map((row) => row.rowKey);
    return rows.flatMap((row, i) => {
      if (keys.indexOf(row.rowKey) === i) return this.read(`${at}/${i}`, row, { group, row: row.rowKey });
      return this.fault(`${at}/${i}/rowKey`, 'duplicate-row', `Row ${row.rowKey} stands here twice.`);
    });
  }

  read(at: string, values: Values, place?: RowPlace): Entry[] {
    const { items = {}, missing = {} } = values;
    const entries: Entry[] = [];
    for (const [oid, value] of Object.entries(items)) {
      const pointer = pointerTo(`${at}/items`, oid);
      const item = this.item(oid, place?.group, pointer);
      if (!item || (value === null && Object.hasOwn(missing, oid))) continue;
      if (value === null) entries.push(entry(oid, place, null, pointer));
      else if (Object.hasOwn(missing, oid))
        this.fault(pointer, 'value-and-missing', 'An item is a value or a missing code, not both.');
      else {
        const fault = checkValue(item, value, this.facts.today);
        if (fault) this.fault(pointer, fault.code, fault.message);
        else entries.push(entry(oid, place, { value: this.kept(item, place, value) }, pointer));
      }
    }
    for (const [oid, code] of Object.entries(missing)) {
      const pointer = pointerTo(`${at}/missing`, oid);
      if (!this.item(oid, place?.group, pointer)) continue;
      if (isMissingCode(code)) entries.push(entry(oid, place, { missing: code }, pointer));
      else this.fault(pointer, 'not-in-code-list', 'One of not-done, unknown, not-applicable, refused.');
    }
    return entries;
  }

  private item(oid: string, group: string | undefined, pointer: string): CompiledItem | undefined {
    const item = this.facts.study.item(oid);
    const place = group ?? this.form.groups.find((one) => !one.repeating && one.oid === item?.groupOid)?.oid;
    const here = item?.formOid === this.form.oid && item.groupOid === place;
    if (!item || !here || !this.facts.mayEnter(item))
      this.fault(pointer, 'unknown-item', `There is no item ${oid} here.`);
    else if (item.derived) this.fault(pointer, 'derived-item', `${item.label} is computed, not entered.`);
    else return item;
    return undefined;
  }

  private kept(item: CompiledItem, place: RowPlace | undefined, value: unknown): Value {
    if (!item.identifying) return value as Value;
    return this.facts.seal(itemPath({ item: item.oid, ...place }), String(value));
  }

  private fault(pointer: string, code: string, message: string): Entry[] {
    this.faults.push({ pointer, code, message });
    return [];
  }
}

function entry(item: string, place: RowPlace | undefined, to: Held | null, pointer: string): Entry {
  return place ? { item, group: place.group, row: place.row, to, pointer } : { item, to, pointer };
}

function isRow(row: unknown): row is EnteredRow {
  if (!isObject(row)) return false;
  const { rowKey, items = {}, missing = {}, ...unknown } = row;
  const isKey = typeof rowKey === 'string' && /^[A-Za-z0-9_-]{1,36}$/.test(rowKey);
  return isKey && isObject(items) && isObject(missing) && Object.keys(unknown).length === 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
