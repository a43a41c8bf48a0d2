import { userRows, users } from '#access';
import {
  adjudicationRows,
  casebooks,
  departureRows,
  formRows,
  queryRows,
  SUBJECTS,
  signatureRows,
  subjectRows,
} from '#casebook';
import type { Kind } from '#commands';
import { snapshotRows, snapshots } from '#snapshots';
import { PUBLICATIONS, publications, STUDY_LOCKS, siteRows, sites, studyLocks, studyRows } from '#study';

/** Every kind of stream there is, with the inline read models that follow from it. */
export const kinds = [
  {
    prefix: SUBJECTS,
    aggregate: casebooks,
    models: [subjectRows, departureRows, adjudicationRows, formRows, queryRows, signatureRows],
  },
  { prefix: 'site/', aggregate: sites, models: [siteRows] },
  { prefix: PUBLICATIONS, aggregate: publications, models: [studyRows] },
  { prefix: 'snapshots', aggregate: snapshots, models: [snapshotRows] },
  { prefix: STUDY_LOCKS, aggregate: studyLocks, models: [] },
  { prefix: 'user/', aggregate: users, models: [userRows] },
] as unknown as readonly Kind[];
