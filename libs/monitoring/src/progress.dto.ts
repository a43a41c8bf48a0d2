const ages = { count: 3, medianDays: 9, p95Days: 41.5, upTo7: 1, upTo30: 1, over30: 1 };
const none = { count: 0, medianDays: null, p95Days: null, upTo7: 0, upTo30: 0, over30: 0 };
const forms = { expected: 210, entered: 190, complete: 180 };
const late = { overdue: 2, missed: 1 };

/** The answer, for the reference of the API. */
export const progressAnswer = {
  description:
    'Forms are expected where anything of their visit is entered, or the visit is late. A late visit is missed where a later one is entered, and else overdue. `planned` is cumulative, and null where the plan does not say; months of a site without any subject are left out. Ages are in days since the query was raised: at most 7, 8 to 30, over 30.',
  content: {
    'application/json': {
      schema: { type: 'object' as const },
      example: {
        position: 120,
        at: '2026-03-31T12:00:00.000Z',
        enrolment: {
          total: 9,
          plan: { target: 300, months: 36 },
          months: [{ month: '2026-03', enrolled: 9, cumulative: 9, planned: 8.3 }],
          sites: [{ site: 'FR01', enrolled: 9, planned: null, months: { '2026-03': 9 } }],
        },
        completeness: { ...forms, sites: [{ site: 'FR01', ...forms }] },
        visits: { ...late, sites: [{ site: 'FR01', ...late }] },
        queries: { open: ages, answered: none, sites: [{ site: 'FR01', open: ages, answered: none }] },
      },
    },
  },
};
