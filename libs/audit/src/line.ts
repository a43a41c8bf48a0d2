import {
  type Change,
  type ItemAddress,
  itemPath,
  placeTellsArms,
  type Reason,
  type readerOf,
  showHeld,
} from '#casebook';
import type { RecordedEvent } from '#event-store';
import type { CompiledItem, CompiledStudy } from '#study';
import { parseKey } from '#values';
import { type Data, isVerification, type Names, tellEvent } from './event-words.js';
import { type Shown, valueText } from './value-text.js';

/** One line of the audit trail: who, when, what, old value, new value, why, and all of it in words. */
export type AuditLine = {
  readonly position: number;
  /** Place within the event, from 0; what a reader may not see leaves a gap. */
  readonly line: number;
  readonly recordedAt: string;
  /** A person’s id; null where the system acted of itself. */
  readonly user: string | null;
  readonly userName: string | null;
  readonly role: string | null;
  /** The part of the system that acted; null where a person did. */
  readonly system: string | null;
  readonly type: string;
  readonly subjectKey: string | null;
  readonly site: string | null;
  readonly visit: string | null;
  readonly form: string | null;
  readonly item: string | null;
  readonly group: string | null;
  readonly row: string | null;
  readonly oldValue: unknown;
  readonly oldMissing: string | null;
  readonly newValue: unknown;
  readonly newMissing: string | null;
  /** Why values are not shown. */
  readonly masked: Shown['masked'] | null;
  readonly reasonCode: string | null;
  readonly reason: string | null;
  readonly text: string;
};

/** Where an event belongs, whether it says so itself or by the query that it names. */
export interface Place {
  readonly site: string | null;
  readonly subject: string | null;
  readonly visit: string | null;
  readonly form: string | null;
  /** Null for an event that changes items: each line has its own. */
  readonly item: string | null;
}

/** For whom, and in which terms, an event is told. */
export interface LineContext {
  readonly place: Place;
  /** Names of people by their ids. */
  readonly people: ReadonlyMap<string, string>;
  /** The definition in whose terms the event is told; undefined for an event of no casebook. */
  readonly study: CompiledStudy | undefined;
  readonly reader: ReturnType<typeof readerOf>;
  /** False where the event names a query that the reader must not know of. */
  readonly showsQuery: boolean;
}

/** In the order of a table’s columns. */
export const lineColumns = [
  'position',
  'line',
  'recordedAt',
  'user',
  'userName',
  'role',
  'system',
  'type',
  'subjectKey',
  'site',
  'visit',
  'form',
  'item',
  'group',
  'row',
  'oldValue',
  'oldMissing',
  'newValue',
  'newMissing',
  'masked',
  'reasonCode',
  'reason',
  'text',
] as const satisfies readonly (keyof AuditLine)[];

/**
 * An event as a reader may be told of it: a line for each item that it changes, one line for any other event.
 * What the reader must not know of is left out; what the reader may know of but not see is masked.
 */
export function auditLines(event: RecordedEvent, context: LineContext): AuditLine[] {
  const { changes } = event.data as { changes?: readonly Change[] };
  if (isVerification(event.type)) return verificationLines(event, context);
  if (!changes) return eventLines(event, context);
  const { study, reader } = context;
  const item = ({ item: oid }: Change) => study?.item(oid);
  // One reason stands for all changes of an event, so its words could tell of any of them.
  const concealed = changes.some((change) => isBlinded(item(change), context));
  const reason = concealed ? undefined : reasonOf(event);
  const { query } = event.data as { query?: string };
  const because = query !== undefined && context.showsQuery ? ` (query ${query})` : '';
  return changes.flatMap((change, line) => {
    const definition = item(change);
    if (!definition || !reader.item(definition) || isBlinded(definition, context)) return [];
    const told = changed(change, definition, context, event.type);
    return [
      { ...blank(event, line, context, reason), ...told, text: told.text + reasonText(reason) + because },
    ];
  });
}

const verbs: Readonly<Record<string, readonly [string, string]>> = {
  ItemsDerived: ['Derived', 'Derived anew'],
  ItemsAdjudicated: ['Adjudicated', 'Adjudicated anew'],
};

function changed(change: Change, item: CompiledItem, { reader }: LineContext, type: string) {
  const path = itemPath(change);
  const from = showHeld(change.from, path, item, reader);
  const to = showHeld(change.to, path, item, reader);
  const name = change.row === undefined ? item.label : `${item.label} in row ${change.row}`;
  const [first, again] = verbs[type] ?? ['Entered', 'Corrected'];
  const text =
    change.from === null
      ? `${first} ${name}: ${valueText(to, item)}`
      : `${again} ${name} from ${valueText(from, item)} to ${valueText(to, item)}`;
  return {
    item: change.item,
    group: change.group ?? null,
    row: change.row ?? null,
    oldValue: from.value,
    oldMissing: from.missing,
    newValue: to.value,
    newMissing: to.missing,
    masked: from.masked ?? to.masked ?? null,
    text,
  };
}

/** One line for each item that is verified, or no longer. */
function verificationLines(event: RecordedEvent, context: LineContext): AuditLine[] {
  const { items } = event.data as { items: readonly ItemAddress[] };
  const { study, reader } = context;
  return items.flatMap(({ item: oid, group = null, row = null }, line) => {
    const item = study?.item(oid);
    if (!item || !reader.item(item) || isBlinded(item, context)) return [];
    const { text } = tellEvent(event.type, event.data as Data, {
      ...namesIn(context, item),
      place: row === null ? item.label : `${item.label} in row ${row}`,
    });
    const reason = reasonOf(event);
    const told = { item: oid, group, row, text: text + reasonText(reason) };
    return [{ ...blank(event, line, context, reason), ...told }];
  });
}

/** With what they say they tell the arms apart, or can: a signature counts forms. */
const tellsArm = new Set(['ArmAllocated', 'ArmCrossedOver', 'SignatureGiven', 'SignatureBroken']);

function eventLines(event: RecordedEvent, context: LineContext): AuditLine[] {
  const { place, study } = context;
  const item = place.item === null ? undefined : study?.item(place.item);
  if (!isTold(event, item, context)) return [];
  const all = event.data as Data;
  const reason = reasonOf(event);
  const told = tellEvent(event.type, all, namesIn(context, item));
  const { group = null, row = null } = all as { group?: string; row?: string };
  return [
    {
      ...blank(event, 0, context, reason),
      group,
      row,
      oldValue: told.from ?? null,
      newValue: told.to ?? null,
      text: told.text + reasonText(reason),
    },
  ];
}

/** That something happened, on a form or visit that only one arm has or with an arm, can tell the arm by itself. */
function isTold({ type }: RecordedEvent, item: CompiledItem | undefined, context: LineContext): boolean {
  const { place, study, reader, showsQuery } = context;
  if (!showsQuery) return false;
  if (place.item !== null) return item !== undefined && reader.item(item) && !isBlinded(item, context);
  if (reader.arms) return true;
  const { visit, form } = place;
  const at = { visit: visit ?? undefined, form: form ?? undefined };
  return !tellsArm.has(type) && !(study && placeTellsArms(at, study));
}

function isBlinded(item: CompiledItem | undefined, { reader }: LineContext): boolean {
  return item?.revealsArm === true && !reader.arms;
}

/** A reason is a code with a text, or a text alone. */
function reasonOf({ data }: RecordedEvent): Partial<Reason> | undefined {
  const { reason } = data as { reason?: Reason | string };
  return typeof reason === 'string' ? { text: reason } : reason;
}

function reasonText(reason: Partial<Reason> | undefined): string {
  const parts = [reason?.code, reason?.text].filter(Boolean);
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}

function namesIn({ place, people, study }: LineContext, item: CompiledItem | undefined): Names {
  const visit = `visit ${labelOf(place.visit, (oid) => study?.visit(oid))}`;
  const form = `form ${labelOf(place.form, (oid) => study?.form(oid))} in ${visit}`;
  return {
    arm(code) {
      const arm = study?.definition.arms.find((one) => one.code === code);
      return `arm ${code}${arm ? ` (${arm.label})` : ''}`;
    },
    person: (id) => people.get(String(id)) ?? String(id),
    place: item?.label ?? (place.form !== null ? form : place.visit !== null ? visit : 'the casebook'),
  };
}

/** What a visit or form is called, with its number where it repeats; its key where it is not known. */
function labelOf(key: string | null, find: (oid: string) => { label: string } | undefined): string {
  const parsed = key === null ? undefined : parseKey(key);
  const label = parsed && find(parsed.oid)?.label;
  if (!parsed || label === undefined) return String(key);
  return parsed.repeat === 1 ? label : `${label} (${parsed.repeat})`;
}

function blank(
  { position, recordedAt, actor, type }: RecordedEvent,
  line: number,
  { place, people }: LineContext,
  reason: Partial<Reason> | undefined,
): AuditLine {
  const person = 'user' in actor ? actor : undefined;
  return {
    position,
    line,
    recordedAt,
    user: person?.user ?? null,
    userName: (person && people.get(person.user)) ?? null,
    role: person?.role ?? null,
    system: 'system' in actor ? actor.system : null,
    type,
    subjectKey: place.subject,
    site: place.site,
    visit: place.visit,
    form: place.form,
    item: place.item,
    group: null,
    row: null,
    oldValue: null,
    oldMissing: null,
    newValue: null,
    newMissing: null,
    masked: null,
    reasonCode: reason?.code ?? null,
    reason: reason?.text ?? null,
    text: '',
  };
}
