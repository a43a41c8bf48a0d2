import type { CheckDefinition, DerivationDefinition } from '#checks';
import type { OdmVersion, Study } from '#odm';

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
  /** Edit checks beyond ranges and required items, in CEL: docs/edit-checks.md. */
  checks?: CheckDefinition[];
  /** How derived items are computed, in CEL. */
  derivations?: DerivationDefinition[];
  /** Of a study that came as ODM: all that it said, so that an export gives back what has no place here. */
  odm?: OdmOrigin;
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

/** A time-to-event outcome, counted from `milestones.inclusion` to death. */
export interface Endpoint {
  oid: string;
  label: string;
  /** Codes of `causeOfDeath` that are the event; absent: any death. Other deaths compete. */
  causes?: string[];
  /** Follow-up ends after so many years from the start. */
  horizonYears?: number;
}
