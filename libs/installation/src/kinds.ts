import { userRows, users } from '#access';
import { casebooks, formRows, queryRows, subjectRows } from '#casebook';
import type { Kind } from '#commands';
import { PUBLICATIONS, publications, siteRows, sites, studyRows } from '#study';

/** Every kind of stream there is, with the inline read models that follow from it. */
export const kinds = [
  { prefix: 'subject/', aggregate: casebooks, models: [subjectRows, formRows, queryRows] },
  { prefix: 'site/', aggregate: sites, models: [siteRows] },
  { prefix: PUBLICATIONS, aggregate: publications, models: [studyRows] },
  { prefix: 'user/', aggregate: users, models: [userRows] },
] as unknown as readonly Kind[];
