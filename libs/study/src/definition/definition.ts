import type { CheckDefinition, ConstantValue, DerivationDefinition } from '#checks';
import type { OdmVersion, Study } from '#odm';
import type { AdjudicationDefinition, VerificationDefinition } from './oversight.js';
import type { SdtmDomain } from './sdtm-mapping.js';

/**
 * A study definition as people write and publish it: plain JSON, in ODM's vocabulary
 * (visit = StudyEventDef, form = FormDef, group = ItemGroupDef, item = ItemDef).
 */
export interface Definition {
  study: { oid: string; name: string; description: string };
  arms: Coded[];
  /** Which items carry the dates and facts that every trial has, whatever its forms are called. */
  milestones: Milestones;
  visits: VisitDefinition[];
  forms: FormDefinition[];
  codeLists: CodeList[];
  endpoints: Endpoint[];
  /** How many subjects are to be enrolled; absent: progress is told without a plan. */
  enrolment?: EnrolmentPlan;
  /** How soon queries are settled, as the study wishes it. */
  queries?: QueryTimes;
  /** What expressions call by name; a text YYYY-MM-DD is a date. */
  constants?: Record<string, ConstantValue>;
  /** Edit checks beyond ranges and required items, in CEL: docs/edit-checks.md. */
  checks?: CheckDefinition[];
  /** How derived items are computed, in CEL. */
  derivations?: DerivationDefinition[];
  /** Absent: every entered item is verified. */
  verification?: VerificationDefinition;
  /** Absent: no endpoint is adjudicated. */
  adjudication?: AdjudicationDefinition;
  /** What two subjects have alike who may be one person; absent: nothing is compared. */
  duplicates?: DuplicatesDefinition;
  /** How the data become domains of SDTM; absent: they become none. */
  sdtm?: SdtmDomain[];
  /** Of a study that came as ODM: all that it said, so that an export gives back what has no place here. */
  odm?: OdmOrigin;
}

/** Subjects to be enrolled. */
export interface EnrolmentPlan {
  target: number;
  /** In so many months, evenly, from that of the first consent. */
  months?: number;
  /** At each site. */
  perSite?: number;
}

/** Subjects of one study are compared by keyed hashes of their identifying data, across sites. */
export interface DuplicatesDefinition {
  /** OID of the check whose queries tell the sites. */
  check: string;
  /** OIDs of items of one form that together tell a person from others; alike in all items of one key is alike. */
  keys: string[][];
}

/** Days from when it is a side's turn; absent: as long as it takes. */
export interface QueryTimes {
  /** For the site to answer. */
  answerWithinDays?: number;
  /** For whoever oversees to close, or to ask again. */
  closeWithinDays?: number;
}

export interface OdmOrigin {
  version: OdmVersion;
  /** With the one MetaDataVersion that was imported. */
  study: Study;
}

export interface Coded {
  code: string;
  label: string;
}

export interface CodeList {
  oid: string;
  label: string;
  codes: Coded[];
}

/** Each names items by OID; dates may be incomplete. */
export interface Milestones {
  /** Time zero of follow-up; absent, like the death, where the study has no such item. */
  inclusion?: string;
  death?: string;
  /** Causes of death, the weightiest first: an adjudicated cause before the site's. */
  causeOfDeath: string[];
  /** Dates on which the subject was seen or known alive. */
  lastAlive: string[];
}

export interface VisitDefinition {
  oid: string;
  label: string;
  /** `common` holds logs that belong to no visit (ODM: Type="Common"). */
  type: 'scheduled' | 'unscheduled' | 'common';
  repeating: boolean;
  /** Absent when the visit has no planned day. */
  target?: Target;
  forms: string[];
}

/** A visit falls due `day` days after time zero, or after the date in item `from`. */
export interface Target {
  day: number;
  from?: string;
  /** How many days earlier and later than `day` are still on time. */
  before: number;
  after: number;
  /** Codes of the arms whose subjects are due; absent: everyone's. */
  arms?: string[];
}

export interface FormDefinition {
  oid: string;
  label: string;
  repeating: boolean;
  groups: GroupDefinition[];
}

export interface GroupDefinition {
  oid: string;
  label: string;
  /** A repeating group is entered as rows, each with a key of the client's. */
  repeating: boolean;
  maxRows?: number;
  items: ItemDefinition[];
}

export interface ItemDefinition {
  oid: string;
  label: string;
  type: ItemType;
  /** UCUM-like unit shown beside the value. */
  unit?: string;
  /** Longest text, in code points: 200 unless given, never over 4000. */
  length?: number;
  /** OID of a code list; required for `code` and `codes`. */
  codeList?: string;
  /** Outside `soft` a query is raised; outside `hard` the value is refused. */
  range?: { soft?: Bounds; hard?: Bounds };
  /** `conditional` items are required only where their condition holds. */
  presence: 'mandatory' | 'conditional' | 'optional';
  /** CEL: true where the item applies; absent: always. A condition that edit checks state instead has none here. */
  showIf?: string;
  /** Encrypted with the subject's own key; never in an analysis export or a log. */
  identifying?: boolean;
  /** Roles that neither see nor enter the item. */
  hiddenFrom?: string[];
  /** Tells the arms apart: masked for whoever is blinded. */
  revealsArm?: boolean;
  /** Computed by the server, never entered. */
  derived?: boolean;
}

/** Inclusive. */
export interface Bounds {
  min?: number;
  max?: number;
}

export type ItemType =
  | 'text'
  | 'integer'
  | 'decimal'
  /** A complete calendar date, not in the future. */
  | 'date'
  /** YYYY, YYYY-MM or YYYY-MM-DD, not in the future. */
  | 'partialDate'
  | 'code'
  /** Several codes of one list, each at most once. */
  | 'codes';

/** A time-to-event outcome: docs/endpoints.md. */
export interface Endpoint {
  oid: string;
  label: string;
  /** Codes of the arms whose subjects have it; absent: everyone has. */
  arms?: string[];
  /** The earliest of its dates is day 0. */
  start: DateSource;
  /** The earliest is the event; of several on one day, the first that is written here. */
  events: EventSource[];
  /** What keeps the event from ever happening; on one day with the event, the event counts. */
  competing?: EventSource[];
  /** Whoever had none of these is censored at the latest of these dates. */
  censoring: EventSource[];
  /** Follow-up that counts, from the start: calendar years or days, one of them. */
  horizon?: { years?: number; days?: number };
  /** A date after which nothing counts, for everyone. */
  cutOff?: string;
}

/** The dates that an item holds, wherever in the casebook it stands. */
export interface DateSource {
  date: string;
  /** An item of the same group, whose date is taken where `date` is not known. */
  ifMissing?: string;
  /** Only where each of these items of the same form holds one of the codes. */
  where?: Record<string, string[]>;
}

export interface EventSource extends DateSource {
  description: string;
  /** Where `date` is the death: codes of `causeOfDeath`. A death of no recorded cause is taken for one of them. */
  causes?: string[];
}
