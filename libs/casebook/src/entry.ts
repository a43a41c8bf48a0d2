import { type Fault, Problem, pointerTo } from '#problem';
import { type CompiledForm, type CompiledItem, type CompiledStudy, checkValue } from '#study';
import { isMissingCode } from '#values';
import {
  type Casebook,
  type Change,
  type Held,
  type ItemAddress,
  itemPath,
  type Reason,
  type Sealed,
} from './casebook.js';
import { plannedForm } from './plan.js';

/** The values of a form as a client sends them, not yet looked at. */
export interface EnterForm {
  readonly subject: string;
  readonly visit: string;
  readonly form: string;
  readonly items: Readonly<Record<string, unknown>>;
  readonly missing: Readonly<Record<string, unknown>>;
  readonly rows: Readonly<Record<string, readonly EnteredRow[]>>;
  readonly complete?: boolean;
  readonly reason?: Reason;
  /** The body is the whole form: what it does not name is emptied. */
  readonly whole: boolean;
}

export interface EnteredRow {
  readonly rowKey: string;
  readonly items?: Readonly<Record<string, unknown>>;
  readonly missing?: Readonly<Record<string, unknown>>;
}

/** One value, checked against its item and sealed where it identifies the subject. */
export interface Entry extends ItemAddress {
  readonly to: Held | null;
  /** JSON Pointer to where it stands in the request. */
  readonly pointer: string;
}

export interface PreparedForm extends Omit<EnterForm, 'items' | 'missing' | 'rows'> {
  readonly entries: readonly Entry[];
}

export interface EntryFacts {
  readonly study: CompiledStudy;
  readonly today: string;
  /** False for items that the caller's role must not touch. */
  mayEnter(item: CompiledItem): boolean;
  seal(path: string, text: string): Sealed;
}

/**
 * Checks every value of a form at once and makes it fit to be kept.
 *
 * @throws Problem not-found for a form that the visit does not have; invalid-value with every fault's place
 */
export function prepareForm(command: EnterForm, casebook: Casebook, facts: EntryFacts): PreparedForm {
  const { items, missing, rows, ...rest } = command;
  const form = plannedForm(facts.study, command);
  const faults: Fault[] = [];
  const reader = new FormReader(form, facts, faults);
  const entries = [
    ...reader.read('', { items, missing }),
    ...Object.entries(rows).flatMap(([group, own]) => reader.readRows(group, own)),
  ];
  if (faults.length > 0) {
    throw new Problem(
      'invalid-value',
      faults.length === 1 ? faults[0]!.message : `${faults.length} values are not acceptable.`,
      { errors: faults },
    );
  }
  const named = new Set(entries.map(itemPath));
  return {
    ...rest,
    entries: command.whole ? [...entries, ...emptied(command, casebook, facts, named)] : entries,
  };
}

class FormReader {
  constructor(
    private readonly form: CompiledForm,
    private readonly facts: EntryFacts,
    private readonly faults: Fault[],
  ) {}

  readRows(group: string, rows: readonly EnteredRow[]): Entry[] {
    const at = pointerTo('/rows', group);
    const definition = this.form.groups.find((one) => one.oid === group && one.repeating);
    if (!definition) return this.fault(at, 'unknown-group', `The form has no repeating group ${group}.`);
    if (rows.length > (definition.maxRows ?? 1000))
      return this.fault(at, 'too-many-rows', `At most ${definition.maxRows ?? 1000} rows.`);
    const keys = rows.map((row) => row.rowKey);
    return rows.flatMap((row, i) => {
      if (keys.indexOf(row.rowKey) !== i)
        return this.fault(`${at}/${i}/rowKey`, 'duplicate-row', `Row ${row.rowKey} stands here twice.`);
      return this.read(`${at}/${i}`, row, { group, row: row.rowKey });
    });
  }

  read(
    at: string,
    values: Partial<Pick<EnterForm, 'items' | 'missing'>>,
    place?: { group: string; row: string },
  ): Entry[] {
    const { items = {}, missing = {} } = values;
    const entries: Entry[] = [];
    for (const [oid, value] of Object.entries(items)) {
      const pointer = pointerTo(`${at}/items`, oid);
      const item = this.item(oid, place?.group, pointer);
      if (!item || (value === null && Object.hasOwn(missing, oid))) continue;
      const address = { item: oid, ...place };
      if (value === null) entries.push({ ...address, to: null, pointer });
      else if (Object.hasOwn(missing, oid))
        this.fault(pointer, 'value-and-missing', 'An item is a value or a missing code, not both.');
      else {
        const fault = checkValue(item, value, this.facts.today);
        if (fault) this.fault(pointer, fault.code, fault.message);
        else entries.push({ ...address, to: { value: this.kept(item, itemPath(address), value) }, pointer });
      }
    }
    for (const [oid, code] of Object.entries(missing)) {
      const pointer = pointerTo(`${at}/missing`, oid);
      if (!this.item(oid, place?.group, pointer)) continue;
      if (isMissingCode(code)) entries.push({ item: oid, ...place, to: { missing: code }, pointer });
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

  private kept(item: CompiledItem, path: string, value: unknown) {
    return item.identifying
      ? this.facts.seal(path, String(value))
      : (value as string | number | readonly string[]);
  }

  private fault(pointer: string, code: string, message: string): Entry[] {
    this.faults.push({ pointer, code, message });
    return [];
  }
}

/** Empties what the form holds and a whole form does not name, but for what the caller cannot see. */
function emptied(
  command: EnterForm,
  casebook: Casebook,
  facts: EntryFacts,
  named: ReadonlySet<string>,
): Entry[] {
  const held = Object.values(casebook.forms[`${command.visit}/${command.form}`]?.items ?? {});
  return held.flatMap(({ item: oid, group, row, held }) => {
    const address: ItemAddress = { item: oid, ...(group && row && { group, row }) };
    const item = facts.study.item(oid);
    if (!held || named.has(itemPath(address)) || !item || item.derived || !facts.mayEnter(item)) return [];
    return [{ ...address, to: null, pointer: row ? pointerTo('/rows', group!) : pointerTo('/items', oid) }];
  });
}

/** Those entries that differ from what the form holds. */
export function changesOf(prepared: PreparedForm, casebook: Casebook): (Change & { pointer: string })[] {
  const held = casebook.forms[`${prepared.visit}/${prepared.form}`]?.items ?? {};
  return prepared.entries.flatMap((entry) => {
    const from = held[itemPath(entry)]?.held ?? null;
    return same(from, entry.to) ? [] : [{ ...entry, from }];
  });
}

/** Both are plain JSON of one shape, built the same way. */
const same = (a: Held | null, b: Held | null) => JSON.stringify(a) === JSON.stringify(b);
