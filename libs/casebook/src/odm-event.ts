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
import type { FormAddress } from './address.js';
import { itemPath } from './address.js';
import type { CasebookEvent } from './casebook.js';
import type { Change, Reason } from './held.js';
import { contentOf, FLAGS } from './odm-value.js';
import type { QueryRaised } from './query-state.js';
import { type Reader, showHeld } from './view.js';

/** What an event of a casebook is told with. */
export interface Setting {
  readonly study: CompiledStudy;
  readonly oids: OdmOids;
  readonly subject: string;
  readonly site: string;
  readonly reader: Reader;
  /** Where a query of the casebook was raised. */
  query(id: string): QueryPlace | undefined;
  readonly tally: Tally;
}

export type QueryPlace = Omit<QueryRaised, 'query' | 'text'>;

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
  const auditRecord = auditRecordOf(event, setting.site);
  if (isOnQuery(event)) {
    const place = setting.query(event.data.query);
    const form = place && queryOn(place, queryOf(event, place), auditRecord, setting);
    return form && { ...subject, studyEvents: [inVisit(place, form, setting)] };
  }
  if (!setting.reader.arms && (event.type === 'ArmAllocated' || event.type === 'ArmCrossedOver'))
    return undefined;
  const told = { auditRecord, annotations: [annotationOf(event)] };
  const { visit, form } = event.data as Partial<FormAddress>;
  if (visit !== undefined && form !== undefined) {
    const at = { visit, form };
    return { ...subject, studyEvents: [inVisit(at, { ...formAt(at, setting), ...told }, setting)] };
  }
  return { ...subject, ...(event.type === 'SubjectEnrolled' && { siteOid: setting.site }), ...told };
}

type QueryEvent = Extract<Event, { data: { query: string; text: string } }>;

function isOnQuery(event: Event): event is QueryEvent {
  return event.type in queryStates;
}

type EntryEvent = Extract<Event, { data: { changes: readonly Change[] } }>;

function changesItems(event: Event): event is EntryEvent {
  return 'changes' in event.data;
}

function entryOf(event: EntryEvent, setting: Setting) {
  const auditRecord = auditRecordOf(event, setting.site);
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
    known.items.push({ ...item, auditRecord });
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
  if (!item || !reader.item(item)) return leave('not for this reader');
  const shown = showHeld(change.to, itemPath(change), item, reader);
  if (shown.masked) return leave(`${shown.masked} values are left out`);
  if (!change.to) return { itemOid, transactionType: 'Remove' };
  return { itemOid, transactionType: change.from ? 'Update' : 'Insert', ...contentOf(shown) };
}

function queryOn(
  place: QueryPlace,
  query: Query,
  auditRecord: AuditRecord,
  setting: Setting,
): OdmForm | undefined {
  const form = formAt(place, setting);
  if (place.item === undefined) return { ...form, auditRecord, queries: [query] };
  const { study, reader } = setting;
  const item = study.item(place.item);
  const isHidden = [place.item, ...(place.items ?? [])].some((oid) => {
    const one = study.item(oid);
    return !one || !reader.item(one) || (one.revealsArm && !reader.arms);
  });
  if (!item || isHidden) return undefined;
  const group = place.group ?? item.groupOid;
  return {
    ...form,
    itemGroups: [
      {
        itemGroupOid: setting.oids.group.get(group) ?? group,
        ...(place.row !== undefined && { repeatKey: place.row }),
        transactionType: 'Context',
        items: [
          {
            itemOid: setting.oids.item.get(place.item) ?? place.item,
            transactionType: 'Context',
            auditRecord,
            queries: [query],
          },
        ],
      },
    ],
  };
}

const queryStates = {
  QueryRaised: 'Open',
  QueryAnswered: 'Answered',
  QueryClosed: 'Closed',
  QueryReopened: 'Open',
  QueryCancelled: 'Cancelled',
} as const;

function queryOf(event: QueryEvent, { check }: QueryPlace): Query {
  const isMonitors = 'user' in event.actor && event.actor.role === 'monitor';
  return {
    oid: event.data.query,
    source: check !== undefined ? 'System' : isMonitors ? 'Site Monitor' : 'Data Management',
    type: check === undefined ? 'Manual' : 'System',
    state: queryStates[event.type],
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

function inVisit({ visit }: FormAddress, form: OdmForm, { oids, study }: Setting): StudyEventData {
  const { oid, repeat } = parseKey(visit)!;
  return {
    studyEventOid: oids.visit.get(oid) ?? oid,
    ...((repeat > 1 || study.visit(oid)?.repeating) && { repeatKey: String(repeat) }),
    transactionType: 'Upsert',
    forms: [form],
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

function auditRecordOf({ actor, recordedAt, log, position, data }: Event, site: string): AuditRecord {
  const { reason } = data as { reason?: Reason };
  return {
    userOid: odmUser(actor),
    locationOid: site,
    dateTimeStamp: recordedAt,
    ...(reason && { reasonForChange: reason.text === '' ? reason.code : `${reason.code}: ${reason.text}` }),
    sourceId: `${log}/${position}`,
  };
}

/** Parts of the system act, too. */
export function odmUser(actor: Actor): string {
  return 'user' in actor ? actor.user : `system.${actor.system}`;
}
