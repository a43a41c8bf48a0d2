import type { Actor, RecordedEvent } from '#event-store';
import type {
  Annotation,
  AuditRecord,
  ItemData,
  FormData as OdmForm,
  Query,
  StudyEventData,
  SubjectData,
  Tally,
} from '#odm';
import type { CompiledStudy, OdmOids } from '#study';
import { parseKey } from '#values';
import type { FormAddress } from '../address.js';
import { itemPath } from '../address.js';
import { adjudicationEvents } from '../adjudication/adjudication-state.js';
import type { CasebookEvent } from '../casebook.js';
import { placeTellsArms } from '../form/plan.js';
import { isThereFor, type Reader, showHeld } from '../form/view.js';
import type { Change, Reason } from '../held.js';
import { showsQuery } from '../query/query.view.js';
import type { QueryRaised } from '../query/query-state.js';
import { contentOf, FLAGS } from './odm-value.js';

/** What an event of a casebook is told with. */
export interface Setting {
  readonly study: CompiledStudy;
  readonly oids: OdmOids;
  readonly subject: string;
  readonly site: string;
  readonly reader: Reader;
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
 * the reader. Entries are items that are inserted, updated or removed, queries are ODM's, and whatever else
 * happens is an annotation whose flags say what.
 */
export function subjectDataOf(event: Event, setting: Setting): SubjectData | undefined {
  const subject: SubjectData = { subjectKey: setting.subject, transactionType: 'Upsert' };
  if (changesItems(event)) {
    const form = entryOf(event, setting);
    return form && { ...subject, studyEvents: [inVisit(event.data, form, setting)] };
  }
  const trace = traceOf(event, setting);
  if (isOnQuery(event)) {
    const asked = setting.query(event.data.query);
    const told = asked && queryOn(asked.place, queryOf(event, asked), trace, setting);
    return told && { ...subject, ...told };
  }
  if (!isTold(event, setting)) return undefined;
  const told = { ...trace, annotations: [annotationOf(event)] };
  const { visit, form } = event.data as Partial<FormAddress>;
  if (visit !== undefined && form !== undefined) {
    const at = { visit, form };
    if (isHidden(at, setting)) return undefined;
    return { ...subject, studyEvents: [inVisit(at, { ...formAt(at, setting), ...told }, setting)] };
  }
  return { ...subject, ...(event.type === 'SubjectEnrolled' && { siteOid: setting.site }), ...told };
}

type QueryEvent = Extract<Event, { data: { query: string; text: string } }>;

function isOnQuery(event: Event): event is QueryEvent {
  return event.type.startsWith('Query');
}

type EntryEvent = Extract<Event, { data: { changes: readonly Change[] } }>;

function changesItems(event: Event): event is EntryEvent {
  return 'changes' in event.data;
}

function entryOf(event: EntryEvent, setting: Setting) {
  const trace = traceOf(event, setting);
  const groups = new Map<string, { group: string; row?: string; items: ItemData[] }>();
  for (const change of event.data.changes) {
    const item = itemDataOf(change, setting);
    if (!item) continue;
    const group = change.group ?? setting.study.item(change.item)!.groupOid;
    const key = `${group}/${change.row ?? ''}`;
    const known = groups.get(key) ?? {
      group,
      ...(change.row !== undefined && { row: change.row }),
      items: [],
    };
    groups.set(key, known);
    known.items.push({ ...item, ...trace });
  }
  if (groups.size === 0) return undefined;
  return {
    ...formAt(event.data, setting),
    itemGroups: [...groups.values()].map(({ group, row, items }) => ({
      itemGroupOid: setting.oids.group.get(group) ?? group,
      ...(row !== undefined && { repeatKey: row }),
      transactionType: 'Upsert' as const,
      items,
    })),
  };
}

function itemDataOf(change: Change, { study, oids, reader, tally }: Setting): ItemData | undefined {
  const item = study.item(change.item);
  const itemOid = oids.item.get(change.item) ?? change.item;
  const leave = (reason: string) => {
    const identity = { attribute: 'ItemOID', value: itemOid };
    tally.add([{ name: 'ODM' }, { name: 'ClinicalData' }, { name: 'ItemData', identity }], '@Value', reason);
    return undefined;
  };
  // Of what the reader must not know of, not even how much it is can be told.
  if (!item || !isThereFor(reader, item)) return undefined;
  const shown = showHeld(change.to, itemPath(change), item, reader);
  if (shown.masked) return leave(`${shown.masked} values are left out`);
  if (!change.to) return { itemOid, transactionType: 'Remove' };
  return { itemOid, transactionType: change.from ? 'Update' : 'Insert', ...contentOf(shown) };
}

function queryOn(
  place: QueryPlace,
  query: Query,
  trace: Trace,
  setting: Setting,
): Pick<SubjectData, 'studyEvents' | 'queries' | 'auditRecord'> | undefined {
  const { study, reader } = setting;
  if (!showsQuery(place, study, reader)) return undefined;
  const asked = { ...trace, queries: [query] };
  const { visit, form } = place as Partial<FormAddress>;
  if (visit === undefined) return asked;
  if (form === undefined) return { studyEvents: [{ ...visitAt(visit, setting), ...asked }] };
  const at = { visit, form };
  if (place.item === undefined)
    return { studyEvents: [inVisit(at, { ...formAt(at, setting), ...asked }, setting)] };
  const item = study.item(place.item);
  const isMasked = [place.item, ...(place.items ?? [])].some((oid) => {
    const one = study.item(oid);
    return !one || !reader.item(one) || (one.revealsArm && !reader.arms);
  });
  if (!item || isMasked) return undefined;
  const group = place.group ?? item.groupOid;
  const itemGroup = {
    itemGroupOid: setting.oids.group.get(group) ?? group,
    ...(place.row !== undefined && { repeatKey: place.row }),
    transactionType: 'Context' as const,
    items: [
      {
        itemOid: setting.oids.item.get(place.item) ?? place.item,
        transactionType: 'Context' as const,
        ...asked,
      },
    ],
  };
  return { studyEvents: [inVisit(at, { ...formAt(at, setting), itemGroups: [itemGroup] }, setting)] };
}

/** What tells the arms apart by being there is, for whoever is blinded, as if it were not. */
function isHidden(at: FormAddress, { study, reader }: Setting): boolean {
  return !reader.arms && placeTellsArms(at, study);
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

/** Beside entries and queries: the others can tell what only some may know. */
const told = new Set([
  'SubjectEnrolled',
  'DefinitionAdopted',
  'ScreeningFailed',
  'SubjectWithdrawn',
  'SubjectCompleted',
  'SubjectReinstated',
  'SubjectTransferred',
  'IdentityErased',
  'SubjectDied',
  'DeathRetracted',
  'FormCompleted',
  'FormReopened',
]);

/** With what they say they tell the arms apart, or can: a signature names forms. */
const toldOfArms = new Set(['ArmAllocated', 'ArmCrossedOver', 'SignatureGiven', 'SignatureBroken']);

function isTold({ type }: Event, { reader, tally }: Setting): boolean {
  if (told.has(type) || (reader.arms && toldOfArms.has(type))) return true;
  // How many there are of the committee’s acts, or of those that tell the arms apart, would tell of them.
  if (reader.arms && !(adjudicationEvents as readonly string[]).includes(type))
    tally.add([{ name: 'ODM' }, { name: 'ClinicalData' }], 'Annotation', 'some acts are not told');
  return false;
}

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

function formAt({ form }: FormAddress, { oids, study }: Setting): OdmForm {
  const { oid, repeat } = parseKey(form)!;
  return {
    formOid: oids.form.get(oid) ?? oid,
    ...((repeat > 1 || study.form(oid)?.repeating) && { repeatKey: String(repeat) }),
    transactionType: 'Upsert',
  };
}

function inVisit({ visit }: FormAddress, form: OdmForm, setting: Setting): StudyEventData {
  return { ...visitAt(visit, setting), forms: [form] };
}

function visitAt(visit: string, { oids, study }: Setting): StudyEventData {
  const { oid, repeat } = parseKey(visit)!;
  return {
    studyEventOid: oids.visit.get(oid) ?? oid,
    ...((repeat > 1 || study.visit(oid)?.repeating) && { repeatKey: String(repeat) }),
    transactionType: 'Upsert',
  };
}

/** What the event says beside its place, flag by flag. */
function annotationOf({ type, data }: Event): Annotation {
  const { visit: _, form: __, ...said } = data as Record<string, unknown>;
  const flags = Object.entries(said).flatMap(([name, value]) => flagsOf(type, name, value));
  return { seqNum: 1, comment: { text: { '': type } }, ...(flags.length > 0 && { flags }) };
}

function flagsOf(type: string, name: string, value: unknown): NonNullable<Annotation['flags']> {
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([inner, one]) => flagsOf(type, `${name}.${inner}`, one));
  if (value === undefined || value === null || value === '') return [];
  const codeListOid = `${FLAGS}:${type}`;
  return [
    {
      type: { codeListOid, text: name },
      value: { codeListOid: `${codeListOid}.${name}`, text: String(value) },
    },
  ];
}

type Trace = { readonly auditRecord?: AuditRecord };

function traceOf(
  { actor, recordedAt, log, position, data }: Event,
  { site, audit }: Pick<Setting, 'site' | 'audit'>,
): Trace {
  if (!audit) return {};
  const { reason } = data as { reason?: Reason };
  const auditRecord = {
    userOid: odmUser(actor),
    locationOid: site,
    dateTimeStamp: recordedAt,
    ...(reason && { reasonForChange: reason.text === '' ? reason.code : `${reason.code}: ${reason.text}` }),
    sourceId: `${log}/${position}`,
  };
  return { auditRecord };
}

/** Parts of the system act, too. */
export function odmUser(actor: Actor): string {
  return 'user' in actor ? actor.user : `system.${actor.system}`;
}
