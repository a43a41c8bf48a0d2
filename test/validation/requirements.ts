/** What a system for the data of a clinical trial must do, and where that is asked for. */
export interface Requirement {
  readonly id: string;
  /** Completes `The system …`. */
  readonly text: string;
  readonly sources: readonly string[];
}

const cfr = (section: string) => `21 CFR ${section}`;
const annex11 = (paragraph: number) => `EU GMP Annex 11 §${paragraph}`;
const gcp = (section: string) => `ICH E6(R3) ${section}`;
const gdpr = (...articles: number[]) => `GDPR Art. ${articles.join(', ')}`;

/**
 * The numbers are in the names of the tests that show each: `npm run -s validation` brings the two together. The
 * sources are signposts; what they ask of an organisation, no software does alone.
 */
export const REQUIREMENTS: readonly Requirement[] = [
  {
    id: 'C-01',
    text: 'records by itself who created, changed or deleted what and when, with the old and the new value',
    sources: [cfr('11.10(e)'), annex11(9), gcp('4.2.2')],
  },
  { id: 'C-02', text: 'lets no change hide an earlier value', sources: [cfr('11.10(e)'), gcp('4.2.2')] },
  {
    id: 'C-03',
    text: 'asks for a reason where data that were entered change',
    sources: [annex11(9), gcp('4.2.2'), gcp('4.2.4')],
  },
  { id: 'C-04', text: 'has no role that could stop or edit the audit trail', sources: [gcp('4.2.2')] },
  {
    id: 'C-05',
    text: 'shows the audit trail item by item and in words to those who review, filtered and exported as they wish',
    sources: [cfr('11.10(e)'), gcp('4.2.2'), gcp('4.2.3')],
  },
  { id: 'C-06', text: 'tells its own acts from those of people', sources: [gcp('4.2.4')] },
  {
    id: 'C-07',
    text: 'takes every time from the server, in UTC',
    sources: [cfr('11.10(e)'), gcp('4.2.2')],
  },
  {
    id: 'C-08',
    text: 'lets nobody in but through an account of their own',
    sources: [cfr('11.10(d)'), cfr('11.100(a)'), annex11(12)],
  },
  {
    id: 'C-09',
    text: 'gives rights by role, site and study, keeps their history, and lists who had which at any moment',
    sources: [annex11(12), gcp('4.2.2')],
  },
  {
    id: 'C-10',
    text: 'lets only people of the site enter and correct its data',
    sources: [cfr('11.10(g)'), gcp('4.2.4')],
  },
  {
    id: 'C-11',
    text: 'gives the site a complete copy of its data with their audit trail at any time',
    sources: [cfr('11.10(b)'), gcp('4.2.7')],
  },
  {
    id: 'C-12',
    text: 'binds a signature to what was signed, with name, time and meaning',
    sources: [cfr('11.50'), cfr('11.70'), annex11(14)],
  },
  { id: 'C-13', text: 'asks the signer to authenticate again at signing', sources: [cfr('11.200(a)')] },
  {
    id: 'C-14',
    text: 'shows a signature as broken once what was signed has changed',
    sources: [cfr('11.70'), annex11(14)],
  },
  {
    id: 'C-15',
    text: 'locks out repeated failed attempts, ends sessions, demands strong passwords and offers a second factor',
    sources: [cfr('11.300'), annex11(12)],
  },
  {
    id: 'C-16',
    text: 'keeps the order of steps where order matters',
    sources: [cfr('11.10(f)')],
  },
  { id: 'C-17', text: 'checks at the server who may do each act', sources: [cfr('11.10(g)')] },
  {
    id: 'C-18',
    text: 'validates input and says at once what is wrong with it',
    sources: [annex11(6), gcp('4.2.1')],
  },
  {
    id: 'C-19',
    text: 'makes accurate and complete copies for inspection, for people and for machines',
    sources: [cfr('11.10(b)')],
  },
  {
    id: 'C-20',
    text: 'keeps records readable, and provable, without the running system',
    sources: [cfr('11.10(c)'), gcp('4.2.7')],
  },
  {
    id: 'C-21',
    text: 'shows of a restored backup whether anything is missing',
    sources: [annex11(7), annex11(16)],
  },
  {
    id: 'C-22',
    text: 'lets whoever receives data verify that they arrived whole',
    sources: [annex11(5), gcp('4.2.5')],
  },
  { id: 'C-23', text: 'tells nobody who is blinded what is masked, by any door', sources: [gcp('4.1')] },
  {
    id: 'C-24',
    text: 'versions the definition of a study, and tries a change before it meets data',
    sources: [annex11(10)],
  },
  {
    id: 'C-25',
    text: 'keeps identities apart, erases or exports them on request, and records who read them',
    sources: [gdpr(5, 15, 17, 25, 32)],
  },
  {
    id: 'C-26',
    text: 'comes with the evidence of its validation',
    sources: [cfr('11.10(a)'), annex11(4)],
  },
  {
    id: 'C-27',
    text: 'takes and gives definitions and data in a standard form (CDISC ODM)',
    sources: [gcp('4.2.5')],
  },
];
