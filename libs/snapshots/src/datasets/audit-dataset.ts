import {
  type ArmsTold,
  armsTold,
  type Casebook,
  type Change,
  type Held,
  type ItemAddress,
  type Reason,
  showsQuery,
} from '#casebook';
import type { RecordedEvent } from '#event-store';
import type { CompiledStudy } from '#study';
import { parseKey } from '#values';
import { type Dataset, type DatasetRow, placeColumns, type StudyAt } from '../dataset.js';
import { cellOf, isAnalysed } from './item-columns.js';

/**
 * One row a change: of an item, or of anything else in a casebook. Who acted is told by an id, for names
 * change; what was written in a query may tell who the subject is, and is left out.
 */
export function auditDataset(study: StudyAt): Dataset {
  const terms = { reading: study.lineage.readAs(), told: armsTold(study) };
  return {
    name: 'AUDIT',
    label: 'Audit trail',
    columns: [
      ...placeColumns,
      { name: 'POSITION', label: 'Position in the log', type: 'integer' },
      { name: 'LINE', label: 'Place within the act, from 0', type: 'integer' },
      { name: 'RECORDED', label: 'When it was recorded', type: 'datetime' },
      { name: 'USERID', label: 'Person who acted', type: 'string' },
      { name: 'ROLE', label: 'Role of the person', type: 'string' },
      { name: 'SYSTEM', label: 'Part of the system that acted', type: 'string' },
      { name: 'TYPE', label: 'What happened', type: 'string' },
      { name: 'VISIT', label: 'Visit', type: 'string' },
      { name: 'VISITREP', label: 'Repeat of the visit', type: 'integer' },
      { name: 'FORM', label: 'Form', type: 'string' },
      { name: 'FORMREP', label: 'Repeat of the form', type: 'integer' },
      { name: 'GROUP', label: 'Repeating group', type: 'string' },
      { name: 'ROWKEY', label: 'Row', type: 'string' },
      { name: 'ITEM', label: 'Item', type: 'string' },
      { name: 'QUERY', label: 'Query', type: 'string' },
      { name: 'OLDVALUE', label: 'Old value', type: 'string' },
      { name: 'OLDMISS', label: 'Why there was no old value', type: 'string' },
      { name: 'NEWVALUE', label: 'New value', type: 'string' },
      { name: 'NEWMISS', label: 'Why there is no new value', type: 'string' },
      { name: 'REASONCD', label: 'Reason', type: 'string' },
      { name: 'REASON', label: 'Reason in words', type: 'string' },
    ],
    *rows({ casebook, events }) {
      const place = [study.oid, casebook.site, casebook.subject];
      for (const event of events) {
        const parts = partsOf(event, casebook).map((part) => ({
          ...part,
          seen: sightOf(part, event, terms),
        }));
        // What only the unblinded see stands last: a gap between lines would tell of it.
        const told = sights.flatMap((sight) => parts.filter(({ seen }) => seen === sight));
        for (const [line, { seen, ...part }] of told.entries()) {
          const tells = seen === 'unblinded';
          // One reason stands for the whole act, so its words could tell of any part of it.
          const isTold = parts.every((one) => one.seen === 'all' || (tells && one.seen === 'unblinded'));
          yield {
            key: `${casebook.subject}/${padded(event.position, 12)}/${padded(line, 4)}`,
            cells: [...place, ...whoAndWhen(event, line), ...cellsOf(part), ...reasonOf(event, isTold)],
            ...(tells && { tellsArms: true }),
          } satisfies DatasetRow;
        }
      }
    },
  };
}

/** Rows sort by their keys as texts, but by position and line. */
const padded = (value: number, digits: number) => String(value).padStart(digits, '0');

/** Of those who see a line, in the order of lines. */
const sights = ['all', 'unblinded'] as const;

interface Place extends Partial<ItemAddress> {
  readonly visit?: string;
  readonly form?: string;
  readonly query?: string;
}

interface Part {
  readonly place: Place;
  readonly from?: Held | null | undefined;
  readonly to?: Held | null | undefined;
}

/** What of an event is told with it: by type, the names of the values before and after. */
const values: Readonly<Record<string, { readonly from?: string; readonly to: string }>> = {
  SubjectEnrolled: { to: 'consentDate' },
  DefinitionAdopted: { to: 'definition' },
  ArmAllocated: { to: 'arm' },
  ArmCrossedOver: { from: 'from', to: 'to' },
  SubjectWithdrawn: { to: 'date' },
  SubjectDied: { to: 'date' },
  OpinionRecorded: { to: 'cause' },
  EndpointAdjudicated: { to: 'cause' },
};

/** One for each item that is changed or verified; one of any other event. */
function partsOf({ type, data }: RecordedEvent, casebook: Casebook): Part[] {
  const { changes, items, ...place } = data as Place & {
    changes?: readonly Change[];
    items?: readonly (ItemAddress | string)[];
  };
  if (changes) return changes.map(({ from, to, ...item }) => ({ place: { ...place, ...item }, from, to }));
  if (place.query !== undefined) return [{ place: { ...casebook.queries[place.query], query: place.query } }];
  const addresses = items?.filter((item) => typeof item === 'object');
  if (addresses) return addresses.map((item) => ({ place: { ...place, ...item } }));
  const told = values[type];
  const heldOf = (name: string | undefined): Held | undefined =>
    name === undefined ? undefined : { value: (data as Record<string, string>)[name]! };
  return [{ place, from: heldOf(told?.from), to: heldOf(told?.to) }];
}

interface Terms {
  readonly reading: CompiledStudy;
  readonly told: ArmsTold;
}

/** Who may know of it. */
function sightOf({ place }: Part, { type, data }: RecordedEvent, { reading, told }: Terms) {
  const item = place.item === undefined ? undefined : reading.item(place.item);
  if (place.item !== undefined && !(item && isAnalysed(item))) return 'nobody';
  const isOfQuery = place.query !== undefined && !('changes' in (data as object));
  if (isOfQuery && !showsQuery(place, reading, { arms: true, item: isAnalysed })) return 'nobody';
  const tells =
    type.startsWith('Arm') ||
    item?.revealsArm ||
    (isOfQuery && !showsQuery(place, reading, { arms: false, item: isAnalysed })) ||
    told.byForm(place.form ?? '') ||
    told.byVisit(place.visit ?? '');
  return tells ? 'unblinded' : 'all';
}

function whoAndWhen({ position, recordedAt, actor, type }: RecordedEvent, line: number) {
  const who = 'user' in actor ? [actor.user, actor.role, null] : [null, null, actor.system];
  return [position, line, recordedAt, ...who, type];
}

function cellsOf({ place, from, to }: Part) {
  const { visit, form, group, row, item, query } = place;
  const keys = [visit, form].map((key) => (key === undefined ? undefined : parseKey(key)));
  const value = (held: Held | null | undefined) => [
    cellOf(held, 'string'),
    held && 'missing' in held ? held.missing : null,
  ];
  return [
    ...keys.flatMap((key) => [key?.oid ?? null, key?.repeat ?? null]),
    ...[group, row, item, query].map((name) => name ?? null),
    ...[...value(from), ...value(to)],
  ];
}

function reasonOf({ data }: RecordedEvent, isTold: boolean) {
  const { reason } = data as { reason?: Reason | string };
  const { code = null, text = null } = typeof reason === 'string' ? { text: reason } : (reason ?? {});
  return isTold ? [code, text] : [null, null];
}
