import type { Actor, RecordedEvent } from '#event-store';
import type { Annotation, AuditRecord } from '#odm';
import type { Reason } from '../held.js';
import { FLAGS } from './odm-value.js';

/** An act as a remark: its comment is the event's type, its flags what the event says beside its place. */
export function annotationOf(type: string, said: object, seqNum = 1): Annotation {
  const flags = Object.entries(said).flatMap(([name, value]) => flagsOf(type, name, value));
  return { seqNum, comment: { text: { '': type } }, ...(flags.length > 0 && { flags }) };
}

/** Lists of texts stand between commas; what is deeper is named by its path. */
function flagsOf(type: string, name: string, value: unknown): NonNullable<Annotation['flags']> {
  const isText = Array.isArray(value) && value.every((one) => typeof one === 'string');
  if (typeof value === 'object' && value !== null && !isText)
    return Object.entries(value).flatMap(([inner, one]) => flagsOf(type, `${name}.${inner}`, one));
  const text = String(value ?? '');
  if (text === '') return [];
  const codeListOid = `${FLAGS}:${type}`;
  return [
    {
      type: { codeListOid, text: name },
      value: { codeListOid: `${codeListOid}.${name}`, text },
    },
  ];
}

export type Trace = { readonly auditRecord?: AuditRecord };

const editPoints: Readonly<Record<string, AuditRecord['editPoint']>> = {
  monitor: 'Monitoring',
  'data-manager': 'DataManagement',
};

/** Who acted, when, where and why; nothing of it for whom that is not told. */
export function traceOf(
  { actor, recordedAt, log, position, data }: RecordedEvent,
  { site, audit }: { readonly site: string; readonly audit: boolean },
): Trace {
  if (!audit) return {};
  const { reason } = data as { reason?: Reason };
  const editPoint = 'user' in actor ? editPoints[actor.role] : undefined;
  const auditRecord: AuditRecord = {
    ...(editPoint && { editPoint }),
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
