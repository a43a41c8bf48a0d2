import type { Sites } from '#access';
import type { RecordedEvent } from '#event-store';
import type { ClinicalPart } from '#odm';
import type { StudyLockEvent } from '#study';
import { among } from '../transfer/transfer-reach.js';
import { annotationOf, traceOf } from './odm-annotation.js';

/** Freezes and locks of the whole study, or of a whole site. */
export type WholeLock = StudyLockEvent & RecordedEvent;

/** The location at which people act on a study as a whole. */
export const SPONSOR = 'SPONSOR';

export const siteOf = ({ data }: WholeLock) => (data.level === 'site' ? data.site : undefined);

/** Of the whole study everyone is told, of a site those who read its subjects. */
export function isLockTold(lock: WholeLock, sites: Sites): boolean {
  const site = siteOf(lock);
  return site === undefined || among(sites)(site);
}

/** Such an act as what is said of all data: a ClinicalData without a subject. */
export function lockParts(
  lock: WholeLock,
  {
    audit,
    ...section
  }: { readonly audit: boolean; readonly studyOid: string; readonly metaDataVersionOid: string },
): ClinicalPart[] {
  const { reason: _, ...said } = lock.data;
  const { auditRecord } = traceOf(lock, { site: siteOf(lock) ?? SPONSOR, audit });
  return [
    { kind: 'clinicalData', ...section },
    ...(auditRecord ? [{ kind: 'auditRecord' as const, auditRecord }] : []),
    { kind: 'annotation', annotation: annotationOf(lock.type, said) },
  ];
}
