import type {
  Annotation,
  ClinicalPart,
  ItemData,
  ItemGroupData,
  FormData as OdmForm,
  Query,
  SubjectData,
  Tally,
} from '#odm';
import { type CompiledStudy, type Kind, type OdmOids, ownItemsOid } from '#study';
import { formatKey } from '#values';
import type { ItemAddress } from '../address.js';
import type { EnterForm } from '../form/entry.js';
import type { Reason } from '../held.js';
import type {
  AllocateArm,
  CompleteSubject,
  EnrolSubject,
  FailScreening,
  ReinstateSubject,
  WithdrawSubject,
} from '../subject/subject.js';
import { withdrawalScopes } from '../subject/subject-state.js';
import { OdmQueries, type OdmQueryAct } from './odm-query.js';
import { FLAGS, givenIn } from './odm-value.js';

/** One step of entering what an ODM document says of a subject. The commands' subject is filled in by the caller. */
export type OdmAct =
  | { readonly act: 'EnrolSubject'; readonly command: EnrolSubject }
  | { readonly act: 'AllocateArm'; readonly command: Omit<AllocateArm, 'subject'> }
  | { readonly act: 'FailScreening'; readonly command: Omit<FailScreening, 'subject'> }
  | { readonly act: 'CompleteSubject'; readonly command: Omit<CompleteSubject, 'subject'> }
  | { readonly act: 'WithdrawSubject'; readonly command: Omit<WithdrawSubject, 'subject'> }
  | { readonly act: 'ReinstateSubject'; readonly command: Omit<ReinstateSubject, 'subject'> }
  | { readonly act: 'EnterForm'; readonly command: Omit<EnterForm, 'subject'> }
  | OdmQueryAct;

/** Reads ODM clinical data as what is to be done in casebooks, in the terms of one version of a study. */
export class OdmEntry {
  /** Ours by ODM's OIDs; of groups and items several, where ODM uses one in several places. */
  private readonly names: Readonly<Record<Kind, ReadonlyMap<string, readonly string[]>>>;
  private readonly queries: OdmQueries;

  constructor(
    private readonly study: CompiledStudy,
    private readonly oids: OdmOids,
    private readonly tally: Tally,
  ) {
    const kinds = Object.entries(oids).map(([kind, map]) => [kind, inverted(map)] as const);
    this.names = Object.fromEntries(kinds) as unknown as typeof this.names;
    this.queries = new OdmQueries(tally);
  }

  /**
   * @param enrolment of a subject that the document does not enrol itself
   * @param isNew whether the subject is met for the first time
   */
  acts(subject: SubjectData, isNew: boolean, enrolment: Partial<EnrolSubject>): OdmAct[] {
    const told = (subject.annotations ?? []).flatMap((annotation) => actOf(annotation, subject.siteOid));
    const enrols = told.some(({ act }) => act === 'EnrolSubject');
    const enrol: OdmAct = {
      act: 'EnrolSubject',
      command: { site: enrolment.site ?? subject.siteOid ?? '', consentDate: enrolment.consentDate ?? '' },
    };
    for (const { queries } of [subject, ...(subject.studyEvents ?? [])]) this.queries.leave(queries);
    this.leaveActs('SubjectData', subject, (event) => entered.has(event));
    for (const visit of subject.studyEvents ?? []) this.leaveActs('StudyEventData', visit);
    return [
      ...(isNew && !enrols ? [enrol] : []),
      ...told,
      ...(subject.studyEvents ?? []).flatMap((visit) =>
        (visit.forms ?? []).flatMap((form) => {
          const at = this.name('visit', visit.studyEventOid);
          return this.formActs(subject.subjectKey, keyOf(at, visit.repeatKey), form);
        }),
      ),
    ];
  }

  private formActs(subject: string, visit: string, form: OdmForm): OdmAct[] {
    const oid = this.name('form', form.formOid);
    const entry: Entry = { items: {}, missing: {}, rows: {}, asked: [] };
    const own = form.items ? [{ itemGroupOid: ownItemsOid({ oid: form.formOid }), items: form.items }] : [];
    for (const group of [...own, ...(form.itemGroups ?? [])].flatMap(withInner))
      this.addGroup(oid, group, entry);
    for (const query of form.queries ?? []) entry.asked.push({ query });
    const address = { visit, form: keyOf(oid, form.repeatKey) };
    const asked = entry.asked.flatMap(({ query, ...item }) =>
      this.queries.acts(subject, { ...address, ...item }, query),
    );
    const events = (form.annotations ?? []).map(({ comment }) => comment?.text['']);
    const complete =
      events.includes('FormCompleted') || (events.includes('FormReopened') ? false : undefined);
    this.leaveActs('FormData', form, (event) => event === 'FormCompleted' || event === 'FormReopened');
    const { reason, asked: _, ...values } = entry;
    const isEmpty = Object.values(values).every((part) => Object.keys(part).length === 0);
    if (isEmpty && complete === undefined) return asked;
    const command = {
      ...address,
      ...values,
      ...(complete !== undefined && { complete }),
      ...(reason && { reason }),
      whole: false,
    };
    return [{ act: 'EnterForm', command }, ...asked];
  }

  private addGroup(form: string, data: ItemGroupData, entry: Entry): void {
    const candidates = this.names.group.get(data.itemGroupOid) ?? [];
    const oid = candidates.find((one) => this.study.group(one)?.formOid === form) ?? data.itemGroupOid;
    const group = this.study.group(oid);
    const values = group?.repeating ? rowOf(entry, oid, data.repeatKey ?? '1') : entry;
    const row = group?.repeating ? { group: oid, row: data.repeatKey ?? '1' } : undefined;
    for (const query of data.queries ?? []) entry.asked.push({ query });
    for (const item of data.items ?? []) {
      for (const query of item.queries ?? [])
        entry.asked.push({ item: this.itemIn(oid, item), ...row, query });
      this.leaveActs('ItemData', item);
      this.addItem(oid, item, values, entry);
    }
  }

  /** Who signed, verified or locked elsewhere has not done so here. */
  private leaveActs(
    element: string,
    { signature, annotations = [] }: Pick<SubjectData, 'signature' | 'annotations'>,
    isEntered = (_event: string) => false,
  ): void {
    const place = [{ name: 'ODM' }, { name: 'ClinicalData' }, { name: element }];
    if (signature) this.tally.add(place, 'Signature', 'signatures are not entered');
    for (const { comment } of annotations)
      if (comment && !isEntered(comment.text[''] ?? ''))
        this.tally.add(
          place,
          'Annotation',
          'remarks, and acts other than those of a subject’s way, are not entered',
        );
  }

  private addItem(group: string, data: ItemData, values: Values, entry: Entry): void {
    const oid = this.itemIn(group, data);
    const item = this.study.item(oid);
    if (item?.derived) {
      this.leave('@Value', 'derived items are computed anew', oid);
      return;
    }
    if (data.transactionType === 'Remove') values.items[oid] = null;
    else {
      const given = item ? givenIn(data, item) : { value: data.values?.[0] ?? null };
      if (!given) return;
      if ('missing' in given) values.missing[oid] = given.missing;
      else values.items[oid] = given.value;
    }
    entry.reason = reasonOf(data) ?? entry.reason;
  }

  private itemIn(group: string, { itemOid }: ItemData): string {
    const candidates = this.names.item.get(itemOid) ?? [];
    return candidates.find((one) => this.study.item(one)?.groupOid === group) ?? itemOid;
  }

  private name(kind: Kind, odmOid: string): string {
    return this.names[kind].get(odmOid)?.[0] ?? odmOid;
  }

  private leave(part: string, reason: string, item: string): void {
    const identity = { attribute: 'ItemOID', value: this.oids.item.get(item) ?? item };
    this.tally.add([{ name: 'ODM' }, { name: 'ClinicalData' }, { name: 'ItemData', identity }], part, reason);
  }
}

/** What stands beside the subjects of a document, such as freezes and locks of the whole, is not entered. */
export function leaveBeside({ kind }: ClinicalPart, tally: Tally): void {
  if (kind !== 'annotation' && kind !== 'signature') return;
  const element = kind === 'annotation' ? 'Annotation' : 'Signature';
  tally.add(
    [{ name: 'ODM' }, { name: 'ClinicalData' }],
    element,
    'what is said of no subject is not entered',
  );
}

interface Values {
  items: Record<string, unknown>;
  missing: Record<string, unknown>;
}

interface Entry extends Values {
  rows: Record<string, (Values & { rowKey: string })[]>;
  /** With the item that each is about, or none. */
  readonly asked: (Partial<ItemAddress> & { readonly query: Query })[];
  reason?: Reason | undefined;
}

function rowOf(entry: Entry, group: string, rowKey: string): Values {
  entry.rows[group] ??= [];
  const rows = entry.rows[group];
  const known = rows.find((row) => row.rowKey === rowKey);
  if (known) return known;
  const row = { rowKey, items: {}, missing: {} };
  rows.push(row);
  return row;
}

/** Groups within a group (ODM 2.0) stand beside it here. */
function withInner(group: ItemGroupData): ItemGroupData[] {
  return [group, ...(group.itemGroups ?? []).flatMap(withInner)];
}

function keyOf(oid: string, repeatKey = '1'): string {
  return repeatKey === '1'
    ? oid
    : /^[1-9]\d{0,2}$/.test(repeatKey)
      ? formatKey({ oid, repeat: Number(repeatKey) })
      : `${oid}~${repeatKey}`;
}

/** Of a change; our own export puts the code before the text. */
function reasonOf({ auditRecord, transactionType }: ItemData): Reason | undefined {
  const text = auditRecord?.reasonForChange;
  if (text === undefined) {
    const isChange = transactionType !== undefined && transactionType !== 'Insert';
    return isChange ? { code: 'imported', text: '' } : undefined;
  }
  const [, code, rest = ''] = /^([A-Za-z0-9_.-]{1,40})(?:: (.*))?$/s.exec(text) ?? [];
  return code === undefined ? { code: 'imported', text: text.slice(0, 1000) } : { code, text: rest };
}

/** What `actOf` enters, and what follows from the data. */
const entered: ReadonlySet<string> = new Set([
  'SubjectEnrolled',
  'ArmAllocated',
  'ArmCrossedOver',
  'ScreeningFailed',
  'SubjectCompleted',
  'SubjectWithdrawn',
  'SubjectReinstated',
  'SubjectDied',
  'DeathRetracted',
]);

/** What an annotation of our own export says of the subject. */
function actOf({ comment, flags = [] }: Annotation, site = ''): OdmAct[] {
  const event = comment?.text[''] ?? '';
  const own = flags.filter(({ type }) => type?.codeListOid === `${FLAGS}:${event}`);
  const said = new Map(own.map(({ type, value }) => [type!.text, value.text]));
  const at = (name: string) => said.get(name) ?? '';
  const reason = { code: at('reason.code'), text: at('reason.text') };
  switch (said.size > 0 ? event : '') {
    case 'SubjectEnrolled':
      return [
        { act: 'EnrolSubject', command: { site: said.get('site') ?? site, consentDate: at('consentDate') } },
      ];
    case 'ArmAllocated':
      return [{ act: 'AllocateArm', command: { arm: at('arm'), date: at('date') } }];
    case 'ArmCrossedOver':
      return [{ act: 'AllocateArm', command: { arm: at('to'), date: at('date'), reason } }];
    case 'ScreeningFailed':
      return [{ act: 'FailScreening', command: { date: at('date'), reason } }];
    case 'SubjectCompleted':
      return [{ act: 'CompleteSubject', command: { date: at('date') } }];
    case 'SubjectWithdrawn': {
      const scope = withdrawalScopes.find((one) => one === at('scope'));
      return [{ act: 'WithdrawSubject', command: { date: at('date'), reason, ...(scope && { scope }) } }];
    }
    case 'SubjectReinstated': {
      const consentDate = said.get('consentDate');
      return [{ act: 'ReinstateSubject', command: { reason, ...(consentDate && { consentDate }) } }];
    }
    default:
      return [];
  }
}

function inverted(map: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const [ours, theirs] of map) names.set(theirs, [...(names.get(theirs) ?? []), ours]);
  return names;
}
