import type { RecordedEvent } from '#event-store';
import type { ItemData, Query, SubjectData, Tally } from '#odm';
import type { FormAddress, ItemAddress } from '../address.js';
import { itemPath } from '../address.js';
import type { CasebookEvent } from '../casebook.js';
import { isThereFor, showHeld } from '../form/view.js';
import type { Change } from '../held.js';
import { placeIn } from '../lock/lock-state.js';
import { showsQuery } from '../query/query.view.js';
import type { QueryRaised } from '../query/query-state.js';
import type { VerifiedItem } from '../verification/verification-state.js';
import { annotationOf, type Trace, traceOf } from './odm-annotation.js';
import { inForms, isPlaceTold, itemsIn, type SubjectContent, toldAt } from './odm-place.js';
import { isOnSignature, type OnSignature, type SignatureSetting, signatureAt } from './odm-signature.js';
import { contentOf } from './odm-value.js';

/** What an event of a casebook is told with. */
export interface Setting extends SignatureSetting {
  readonly subject: string;
  /** Whether it is told who acted, when and why. */
  readonly audit: boolean;
  query(id: string): AskedQuery | undefined;
  readonly tally: Tally;
}

/** Where a query was raised, and the state that it was in before the event. */
export interface AskedQuery {
  readonly place: QueryPlace;
  readonly state: Query['state'];
}

type QueryPlace = Omit<QueryRaised, 'query' | 'text'>;

type Event = CasebookEvent & RecordedEvent;

/**
 * One event of a casebook as a transaction of ODM, with its audit record; undefined where nothing of it is for
 * the reader. Entries are items that are inserted, updated or removed, queries and signatures are ODM's, and
 * whatever else happens is an annotation at its place, whose flags say what.
 */
export function subjectDataOf(event: Event, setting: Setting): SubjectData | undefined {
  const content = contentIn(event, setting);
  const isThere = event.type === 'SubjectEnrolled' || event.type === 'SubjectTransferred';
  return (
    content && {
      ...{ subjectKey: setting.subject, transactionType: 'Upsert' },
      ...(isThere && { siteOid: setting.site }),
      ...content,
    }
  );
}

function contentIn(event: Event, setting: Setting): SubjectContent | undefined {
  const trace = traceOf(event, setting);
  if (isOnQuery(event)) {
    const asked = setting.query(event.data.query);
    return asked && queryAt(asked.place, queryOf(event, asked), trace, setting);
  }
  if (isOnSignature(event)) return signatureAt(event, trace, setting);
  if (isOnItems(event)) return itemsOf(event, trace, setting);
  return actAt(event, trace, setting);
}

type QueryEvent = Extract<Event, { data: { query: string; text: string } }>;

function isOnQuery(event: Event): event is QueryEvent {
  return event.type.startsWith('Query');
}

/** Entries and verifications: each of their items is told of by itself. */
type ItemsEvent = Extract<Event, { data: { changes: readonly Change[] } }> | VerifyingEvent;
type VerifyingEvent = Extract<Event, { type: 'ItemsVerified' | 'VerificationWithdrawn' }>;

function isOnItems(event: Event): event is ItemsEvent {
  return 'changes' in event.data ? event.type !== 'SignatureBroken' : isVerifying(event);
}

function isVerifying({ type }: Pick<Event, 'type'>): boolean {
  return type === 'ItemsVerified' || type === 'VerificationWithdrawn';
}

function itemsOf(event: ItemsEvent, trace: Trace, setting: Setting): SubjectContent | undefined {
  const { data } = event;
  const items =
    'changes' in data
      ? data.changes.flatMap((change) => {
          const held = itemDataOf(change, setting);
          return held ? [{ ...change, data: { ...held, ...trace } }] : [];
        })
      : (data.items as readonly (ItemAddress & Partial<VerifiedItem>)[])
          .filter(({ item }) => isItemTold(item, setting))
          .map(({ version, ...address }) => {
            const annotations = [annotationOf(event.type, { version })];
            return { ...address, data: { transactionType: 'Context' as const, ...trace, annotations } };
          });
  if (items.length === 0) return undefined;
  const content = { ...itemsIn(items, setting), ...becauseOf(data, event.type, setting) };
  return inForms([{ at: data, content }], setting);
}

/** The query because of which something was entered. */
function becauseOf(data: object, type: string, setting: Setting) {
  const { query } = data as { query?: string };
  const asked = query === undefined ? undefined : setting.query(query);
  if (!asked || !showsQuery(asked.place, setting.study, setting.reader)) return {};
  return { annotations: [annotationOf(type, { query })] };
}

function isItemTold(oid: string, { study, reader }: Setting): boolean {
  const item = study.item(oid);
  // Of what the reader must not know of, not even how much it is can be told.
  return item !== undefined && isThereFor(reader, item);
}

function itemDataOf(change: Change, setting: Setting): Omit<ItemData, 'itemOid'> | undefined {
  if (!isItemTold(change.item, setting)) return undefined;
  const { study, oids, reader, tally } = setting;
  const shown = showHeld(change.to, itemPath(change), study.item(change.item)!, reader);
  if (shown.masked) {
    const identity = { attribute: 'ItemOID', value: oids.item.get(change.item) ?? change.item };
    const place = [{ name: 'ODM' }, { name: 'ClinicalData' }, { name: 'ItemData', identity }];
    tally.add(place, '@Value', `${shown.masked} values are left out`);
    return undefined;
  }
  if (!change.to) return { transactionType: 'Remove' };
  return { transactionType: change.from ? 'Update' : 'Insert', ...contentOf(shown) };
}

function queryAt(
  { items, ...place }: QueryPlace,
  query: Query,
  trace: Trace,
  setting: Setting,
): SubjectContent | undefined {
  if (!showsQuery({ ...place, ...(items && { items }) }, setting.study, setting.reader)) return undefined;
  const named = [place.item ?? [], items ?? []].flat();
  if (!named.every((oid) => isItemTold(oid, setting))) return undefined;
  return toldAt(place, { ...trace, queries: [query] }, setting);
}

const queryStates: Readonly<Record<string, Query['state']>> = {
  QueryRaised: 'Open',
  QueryAnswered: 'Answered',
  QueryClosed: 'Closed',
  QueryReopened: 'Open',
  QueryCancelled: 'Cancelled',
};

/** A comment leaves a query in the state that it was in. */
export const stateAfter = (type: string, before: Query['state']) => queryStates[type] ?? before;

function queryOf(event: QueryEvent, { place: { check }, state }: AskedQuery): Query {
  const isMonitors = 'user' in event.actor && event.actor.role === 'monitor';
  return {
    oid: event.data.query,
    source: check !== undefined ? 'System' : isMonitors ? 'Site Monitor' : 'Data Management',
    type: check === undefined ? 'Manual' : 'System',
    state: stateAfter(event.type, state),
    lastUpdate: event.recordedAt,
    ...(check !== undefined && { name: check }),
    text: event.data.text,
  };
}

type Act = Exclude<Event, QueryEvent | OnSignature | ItemsEvent>;

/**
 * Whom what happens beside entries, queries and signatures is told: whoever may know of its place, or whoever may
 * tell the arms apart. An event that is not classified does not compile.
 */
const acts: Record<Act['type'], 'place' | 'arm'> = {
  SubjectEnrolled: 'place',
  DefinitionAdopted: 'place',
  ArmAllocated: 'arm',
  ArmCrossedOver: 'arm',
  ScreeningFailed: 'place',
  SubjectWithdrawn: 'place',
  SubjectCompleted: 'place',
  SubjectReinstated: 'place',
  SubjectTransferred: 'place',
  IdentityErased: 'place',
  SubjectDied: 'place',
  DeathRetracted: 'place',
  FormCompleted: 'place',
  FormReopened: 'place',
  // Of the committee’s acts the place is an item: the one whose value they tell of.
  OpinionRecorded: 'place',
  EndpointAdjudicated: 'place',
  AdjudicationReopened: 'place',
  DataFrozen: 'place',
  DataUnfrozen: 'place',
  DataLocked: 'place',
  DataUnlocked: 'place',
};

function actAt(event: Act, trace: Trace, setting: Setting): SubjectContent | undefined {
  const { visit, form, item, group, row, ...said } = event.data as FormAddress & Partial<ItemAddress>;
  const place = placeIn({ visit, form, item, group, row });
  if (acts[event.type] === 'arm' ? !setting.reader.arms : !isPlaceTold(place, setting)) return undefined;
  return toldAt(place, { ...trace, annotations: [annotationOf(event.type, said)] }, setting);
}
