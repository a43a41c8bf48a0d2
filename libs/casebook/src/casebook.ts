import type { NewEvent, RecordedEvent } from '#event-store';
import type { MissingCode } from '#values';

/** A value sealed with the subject's own key: identifying data never stand in the log in the clear. */
export interface Sealed {
  readonly sealed: string;
}

export type Value = string | number | boolean | readonly string[] | Sealed;

/** What an item holds: a value, or why there is none. */
export type Held = { readonly value: Value } | { readonly missing: MissingCode };

export interface Reason {
  readonly code: string;
  readonly text: string;
}

/** Where a form stands in a casebook: visit and form keys, with their repeats. */
export interface FormAddress {
  readonly visit: string;
  readonly form: string;
}

/** An item of a form; `group` and `row` for an item of a repeated row. */
export interface ItemAddress {
  readonly item: string;
  readonly group?: string;
  readonly row?: string;
}

export interface Change extends ItemAddress {
  /** Null where nothing was held before. */
  readonly from: Held | null;
  /** Null where the item is emptied. */
  readonly to: Held | null;
}

/** Everything that can happen to a subject's casebook, as a monitor would tell it. */
export type CasebookEvent =
  | NewEvent<'SubjectEnrolled', { site: string; subject: string; consentDate: string; definition: number }>
  | NewEvent<'DefinitionAdopted', { definition: number }>
  | NewEvent<'ArmAllocated', { arm: string; date: string }>
  | NewEvent<'ArmCrossedOver', { from: string; to: string; date: string; reason: Reason }>
  | NewEvent<'ItemsEntered', FormAddress & { first: boolean; changes: readonly Change[] }>
  | NewEvent<'ItemsCorrected', FormAddress & { changes: readonly Change[]; reason: Reason }>
  | NewEvent<'ItemsDerived', FormAddress & { changes: readonly Change[] }>
  | NewEvent<'FormCompleted', FormAddress>
  | NewEvent<'FormReopened', FormAddress>
  | NewEvent<'QueryRaised', QueryRaised>
  | NewEvent<'QueryAnswered', { query: string; text: string }>
  | NewEvent<'QueryClosed', { query: string; text: string }>
  | NewEvent<'QueryReopened', { query: string; text: string }>
  | NewEvent<'QueryCancelled', { query: string; text: string }>
  | NewEvent<'SubjectWithdrawn', { date: string; reason: Reason }>
  | NewEvent<'SubjectReinstated', { reason: Reason }>
  | NewEvent<'SubjectDied', { date: string }>
  | NewEvent<'DeathRetracted', Record<string, never>>;

export interface QueryRaised extends FormAddress, Partial<ItemAddress> {
  readonly query: string;
  readonly text: string;
  /** All that a check is about, where it is an expression; `item` is the first of them. */
  readonly items?: readonly string[];
  /** The edit check that raised it; absent when a person did. */
  readonly check?: string;
}

export interface ItemState extends ItemAddress {
  readonly held: Held | null;
  /** Version of the study's definition in whose terms it was entered. */
  readonly definition: number;
  /** How often the item was entered or changed. */
  readonly version: number;
  readonly by: string;
  readonly at: string;
}

export interface FormState extends FormAddress {
  /** Stream revision of the last change to the form: its ETag. */
  readonly revision: number;
  readonly complete: boolean;
  /** By item path, in order of first entry. */
  readonly items: Readonly<Record<string, ItemState>>;
}

export type QueryStatus = 'open' | 'answered' | 'closed' | 'cancelled';

export interface QueryState extends QueryRaised {
  readonly status: QueryStatus;
  readonly raisedAt: string;
  readonly changedAt: string;
  readonly messages: readonly {
    readonly type: string;
    readonly by: string;
    readonly at: string;
    readonly text: string;
  }[];
}

export interface Casebook {
  /** Empty before enrolment. */
  readonly subject: string;
  readonly site: string;
  readonly status: 'absent' | 'enrolled' | 'withdrawn' | 'dead';
  /** Version of the study's definition that the casebook follows. */
  readonly definition: number;
  readonly consentDate: string;
  readonly enrolledAt: string;
  /** As first allocated: the arm in which the subject is analysed, whatever came later. */
  readonly arm?: { readonly code: string; readonly date: string };
  readonly crossovers: readonly { readonly to: string; readonly date: string }[];
  readonly withdrawn: boolean;
  /** While the subject is withdrawn. */
  readonly withdrawnOn?: string;
  /** Date of death as recorded. */
  readonly died?: string;
  readonly revision: number;
  /** By `visit/form`. */
  readonly forms: Readonly<Record<string, FormState>>;
  readonly queries: Readonly<Record<string, QueryState>>;
}

export const emptyCasebook: Casebook = {
  subject: '',
  site: '',
  status: 'absent',
  definition: 0,
  consentDate: '',
  enrolledAt: '',
  crossovers: [],
  withdrawn: false,
  revision: -1,
  forms: {},
  queries: {},
};

export const formKey = ({ visit, form }: FormAddress) => `${visit}/${form}`;

/** An item's key within its form. */
export const itemPath = ({ item, group, row }: ItemAddress) =>
  row === undefined ? item : `${group}/${row}/${item}`;

/** Keys of the rows of a group. A row is there as long as one of its items is held. */
export function rowsOf(form: FormState | undefined, group: string): ReadonlySet<string> {
  const items = Object.values(form?.items ?? {});
  return new Set(items.flatMap((item) => (item.group === group && item.held ? item.row! : [])));
}

/** What an event needs to be folded; a decision folds its own events before they have a position. */
export type Stamped = CasebookEvent & Pick<RecordedEvent, 'actor' | 'recordedAt' | 'revision'>;

export function evolve(casebook: Casebook, event: Stamped): Casebook {
  const after = apply(casebook, event);
  const status = after.died ? 'dead' : after.withdrawn ? 'withdrawn' : 'enrolled';
  return { ...after, status, revision: event.revision };
}

function apply(casebook: Casebook, event: Stamped): Casebook {
  switch (event.type) {
    case 'SubjectEnrolled':
      return { ...casebook, ...event.data, enrolledAt: event.recordedAt };
    case 'DefinitionAdopted':
      return { ...casebook, definition: event.data.definition };
    case 'ArmAllocated':
      return { ...casebook, arm: { code: event.data.arm, date: event.data.date } };
    case 'ArmCrossedOver': {
      const { to, date } = event.data;
      return { ...casebook, crossovers: [...casebook.crossovers, { to, date }] };
    }
    case 'ItemsEntered':
    case 'ItemsCorrected':
    case 'ItemsDerived':
      return withForm(casebook, event.data, (form) => ({
        ...form,
        revision: event.revision,
        items: changeItems(form.items, event.data.changes, event, casebook.definition),
      }));
    case 'FormCompleted':
      return withForm(casebook, event.data, (form) => ({
        ...form,
        revision: event.revision,
        complete: true,
      }));
    case 'FormReopened':
      return withForm(casebook, event.data, (form) => ({
        ...form,
        revision: event.revision,
        complete: false,
      }));
    case 'QueryRaised':
      return withQuery(casebook, event, {
        ...inOrder(event.data),
        status: 'open',
        raisedAt: event.recordedAt,
        changedAt: event.recordedAt,
        messages: [],
      });
    case 'QueryAnswered':
      return moveQuery(casebook, event, 'answered');
    case 'QueryClosed':
      return moveQuery(casebook, event, 'closed');
    case 'QueryReopened':
      return moveQuery(casebook, event, 'open');
    case 'QueryCancelled':
      return moveQuery(casebook, event, 'cancelled');
    case 'SubjectWithdrawn':
      return { ...casebook, withdrawn: true, withdrawnOn: event.data.date };
    case 'SubjectReinstated': {
      const { withdrawnOn: _, ...rest } = casebook;
      return { ...rest, withdrawn: false };
    }
    case 'SubjectDied':
      return { ...casebook, died: event.data.date };
    case 'DeathRetracted': {
      const { died: _, ...alive } = casebook;
      return alive;
    }
    default:
      return unknownEvent(event);
  }
}

function withForm(
  casebook: Casebook,
  address: FormAddress,
  change: (form: FormState) => FormState,
): Casebook {
  const key = formKey(address);
  const { visit, form } = address;
  const before = casebook.forms[key] ?? { visit, form, revision: -1, complete: false, items: {} };
  return { ...casebook, forms: { ...casebook.forms, [key]: change(before) } };
}

function changeItems(
  items: FormState['items'],
  changes: readonly Change[],
  event: Stamped,
  definition: number,
): FormState['items'] {
  const after = { ...items };
  for (const { item, group, row, to } of changes) {
    const address: ItemAddress = { item, ...(group && { group }), ...(row && { row }) };
    const path = itemPath(address);
    after[path] = {
      ...address,
      held: to,
      definition,
      version: (items[path]?.version ?? 0) + 1,
      by: actorName(event),
      at: event.recordedAt,
    };
  }
  return after;
}

/** An event just decided and the same one read from the log differ in the order of members; states must not. */
function inOrder({ query, visit, form, item, group, row, items, check, text }: QueryRaised): QueryRaised {
  return {
    query,
    visit,
    form,
    ...(item && { item }),
    ...(group && { group }),
    ...(row && { row }),
    ...(items && { items }),
    ...(check && { check }),
    text,
  };
}

type QueryEvent = Extract<Stamped, { data: { query: string; text: string } }>;

function moveQuery(casebook: Casebook, event: QueryEvent, status: QueryStatus): Casebook {
  const query = casebook.queries[event.data.query];
  return query ? withQuery(casebook, event, { ...query, status, changedAt: event.recordedAt }) : casebook;
}

/** Every step of a query leaves a message in its thread. */
function withQuery(casebook: Casebook, event: QueryEvent, query: QueryState): Casebook {
  const message = { type: event.type, by: actorName(event), at: event.recordedAt, text: event.data.text };
  const after = { ...query, messages: [...query.messages, message] };
  return { ...casebook, queries: { ...casebook.queries, [query.query]: after } };
}

function actorName({ actor }: Stamped): string {
  return 'user' in actor ? actor.user : actor.system;
}

function unknownEvent(event: never): never {
  throw new Error(`a casebook knows no event ${JSON.stringify(event)}`);
}
