import type { Texts } from './texts.js';

/**
 * ODM clinical data, neutral of the version. A form is 1.3.2's FormData, and in 2.0 the ItemGroupData that stands
 * directly in a StudyEventData. Keys and lists are absent where the document says nothing.
 */

export type TransactionType = 'Insert' | 'Update' | 'Remove' | 'Upsert' | 'Context';

/** What can be said of any level: who did it, who vouches for it, what was remarked and asked. */
export interface Traced {
  transactionType?: TransactionType;
  auditRecord?: AuditRecord;
  signature?: Signature;
  annotations?: Annotation[];
  /** In 1.3.2 written as annotations, whose flags carry what a query has beside its text. */
  queries?: Query[];
}

export interface SubjectData extends Traced {
  subjectKey: string;
  investigatorOid?: string;
  siteOid?: string;
  studyEvents?: StudyEventData[];
}

export interface StudyEventData extends Traced {
  studyEventOid: string;
  repeatKey?: string;
  forms?: FormData[];
}

export interface FormData extends Traced {
  formOid: string;
  repeatKey?: string;
  /** 1.3.2. */
  archiveLayoutOid?: string;
  itemGroups?: ItemGroupData[];
  /** 2.0. */
  items?: ItemData[];
  /** 2.0: position within a data set, from 1. */
  sequence?: number;
}

export interface ItemGroupData extends Traced {
  itemGroupOid: string;
  repeatKey?: string;
  /** 2.0. */
  itemGroups?: ItemGroupData[];
  /** In 1.3.2 all typed or all untyped. */
  items?: ItemData[];
  /** 2.0: position within a data set, from 1. */
  sequence?: number;
}

export const typedItemData = [
  'Any',
  'URI',
  'Boolean',
  'String',
  'Integer',
  'Float',
  'Double',
  'Date',
  'Time',
  'Datetime',
  'HexBinary',
  'Base64Binary',
  'HexFloat',
  'Base64Float',
  'PartialDate',
  'PartialTime',
  'PartialDatetime',
  'DurationDatetime',
  'IntervalDatetime',
  'IncompleteDatetime',
  'IncompleteDate',
  'IncompleteTime',
] as const;

export interface ItemData extends Traced {
  itemOid: string;
  /** None is no statement or, with `isNull`, a value known to be missing; several are 2.0's. */
  values?: string[];
  isNull?: true;
  measurementUnitOid?: string;
  /** 1.3.2: which of the ItemDataString, ItemDataDate and so on it is; these have no trace but by `ids`. */
  typed?: (typeof typedItemData)[number];
  /** 1.3.2, typed items only: of records that follow the subjects. */
  auditRecordId?: string;
  signatureId?: string;
  annotationId?: string;
}

export interface AuditRecord {
  /** 1.3.2. */
  id?: string;
  editPoint?: 'Monitoring' | 'DataManagement' | 'DBAudit';
  /** In 1.3.2 UsedImputationMethod. */
  usedMethod?: boolean;
  userOid: string;
  locationOid: string;
  /** xs:dateTime. */
  dateTimeStamp: string;
  reasonForChange?: string;
  sourceId?: string;
}

export interface Signature {
  id?: string;
  userOid: string;
  locationOid: string;
  /** Of a SignatureDef. */
  signatureOid: string;
  dateTimeStamp: string;
  /** 1.3.2. */
  cryptoBindingManifest?: string;
}

export interface Annotation {
  /** In 2.0 from 1. */
  seqNum: number;
  id?: string;
  transactionType?: TransactionType;
  comment?: Comment;
  flags?: Flag[];
}

export interface Comment {
  sponsorOrSite?: 'Sponsor' | 'Site';
  text: Texts;
}

export interface Flag {
  value: CodedFlag;
  type?: CodedFlag;
}

export interface CodedFlag {
  codeListOid: string;
  text: string;
}

export const querySources = [
  'System',
  'Data Management',
  'Site Monitor',
  'Coding System',
  'Safety Reviewer',
] as const;
export const queryTypes = ['Manual', 'System'] as const;
export const queryStates = ['Candidate', 'Open', 'Answered', 'Closed', 'Cancelled', 'Resolved'] as const;

export interface Query {
  oid: string;
  source: (typeof querySources)[number];
  target?: string;
  type?: (typeof queryTypes)[number];
  state: (typeof queryStates)[number];
  /** xs:dateTime. */
  lastUpdate: string;
  name?: string;
  text: string;
  /** 2.0: the query's history. */
  auditRecords?: AuditRecord[];
}

/** ClinicalData piece by piece, in a document's order. */
export type ClinicalPart =
  /** Begins a ClinicalData element, which the following parts belong to. */
  | { kind: 'clinicalData'; studyOid: string; metaDataVersionOid: string }
  | { kind: 'subject'; subject: SubjectData }
  /**
   * And so the next two: after the subjects. In 1.3.2 what typed items refer to by ID, in 2.0 what is said of the
   * data as a whole, of which there is one audit record and one signature.
   */
  | { kind: 'auditRecord'; auditRecord: AuditRecord }
  | { kind: 'signature'; signature: Signature }
  | { kind: 'annotation'; annotation: Annotation };
