/**
 * ODM metadata, neutral of the version: what ODM 1.3.2 calls FormDef and 2.0 an ItemGroupDef of type Form is a
 * form here, and so on. Names are ODM's. A comment names the version where only one has the thing.
 * Keys are absent where the document says nothing; lists other than the definitions' are absent when empty.
 */

/** Text by xml:lang, at least one; the key is empty where the document gives no language. */
export type Texts = Record<string, string>;

export interface OdmDocument {
  file: FileHeader;
  studies: Study[];
  adminData: AdminData[];
}

export interface FileHeader {
  fileOid: string;
  fileType: 'Snapshot' | 'Transactional';
  /** xs:dateTime. */
  creationDateTime: string;
  description?: Texts;
  granularity?:
    | 'All'
    | 'Metadata'
    | 'AdminData'
    | 'ReferenceData'
    | 'AllClinicalData'
    | 'SingleSite'
    | 'SingleSubject';
  /** 1.3.2. */
  archival?: true;
  /** 2.0. */
  context?: 'Archive' | 'Exchange' | 'Submission';
  priorFileOid?: string;
  asOfDateTime?: string;
  originator?: string;
  sourceSystem?: string;
  sourceSystemVersion?: string;
}

export interface Study {
  oid: string;
  name: string;
  description?: Texts;
  protocolName: string;
  /** 2.0: of the study. */
  versionId?: string;
  versionName?: string;
  status?: string;
  /** 1.3.2: BasicDefinitions. */
  measurementUnits?: MeasurementUnit[];
  metaDataVersions: MetaDataVersion[];
}

export interface MeasurementUnit {
  oid: string;
  name: string;
  symbol: Texts;
  aliases?: Alias[];
}

export interface Alias {
  context: string;
  name: string;
}

/** OIDs are unique over all definitions of whatever kind, as both schemas ask. */
export interface MetaDataVersion {
  oid: string;
  name: string;
  description?: Texts;
  include?: Include;
  protocol?: Protocol;
  /** 2.0. */
  studyEventGroups?: StudyEventGroupDef[];
  studyEvents: StudyEventDef[];
  forms: FormDef[];
  itemGroups: ItemGroupDef[];
  items: ItemDef[];
  codeLists: CodeList[];
  /** 1.3.2. */
  imputationMethods?: ImputationMethod[];
  /** 1.3.2. */
  presentations?: Presentation[];
  conditions: ConditionDef[];
  methods: MethodDef[];
}

export interface Include {
  studyOid: string;
  metaDataVersionOid: string;
  /** 2.0. */
  href?: string;
}

/** In 2.0, study events that the protocol names directly stand in a group of their own. */
export interface Protocol {
  description?: Texts;
  studyEventRefs?: StudyEventRef[];
  /** 2.0. */
  studyEventGroupRefs?: StudyEventGroupRef[];
  aliases?: Alias[];
}

/** What every reference says. */
export interface Ref {
  mandatory: boolean;
  /** 2.0: from 1. */
  orderNumber?: number;
  /** Of a ConditionDef; when it holds, nothing is collected. */
  collectionExceptionConditionOid?: string;
}

export interface StudyEventRef extends Ref {
  studyEventOid: string;
}

export interface StudyEventGroupRef extends Ref {
  studyEventGroupOid: string;
  description?: Texts;
}

export interface StudyEventGroupDef {
  oid: string;
  name: string;
  description?: Texts;
  studyEventGroupRefs?: StudyEventGroupRef[];
  studyEventRefs?: StudyEventRef[];
}

export interface StudyEventDef {
  oid: string;
  name: string;
  repeating: boolean;
  type: 'Scheduled' | 'Unscheduled' | 'Common';
  category?: string;
  description?: Texts;
  formRefs?: FormRef[];
  aliases?: Alias[];
}

export interface FormRef extends Ref {
  formOid: string;
  /** 2.0. */
  methodOid?: string;
}

/** `Simple` is the Yes of ODM 1.3.2; `Dynamic` and `Static` repeat along a code list (2.0). */
export type Repeating = 'No' | 'Simple' | 'Dynamic' | 'Static';

/** A form's items stand in its item groups; in 2.0 a form can have items of its own as well. */
export interface FormDef extends ItemGroupDef {
  /** 1.3.2. */
  archiveLayouts?: ArchiveLayout[];
}

export interface ArchiveLayout {
  oid: string;
  pdfFileName: string;
  presentationOid?: string;
}

export interface ItemGroupDef {
  oid: string;
  name: string;
  repeating: Repeating;
  /** 2.0: how often at most. */
  repeatingLimit?: number;
  /** 2.0: `Dataset`, `Concept` or another's own; absent is `Section`, or `Form` for a form. */
  type?: string;
  isReferenceData?: boolean;
  domain?: string;
  purpose?: string;
  /** 1.3.2, and so to `comment`. */
  sasDatasetName?: string;
  origin?: string;
  role?: string;
  comment?: string;
  /** 2.0, and so to `hasNoData`. */
  structure?: string;
  datasetName?: string;
  isNonStandard?: true;
  hasNoData?: true;
  description?: Texts;
  /** Of a form; 2.0: of any item group. */
  itemGroupRefs?: ItemGroupRef[];
  itemRefs?: ItemRef[];
  aliases?: Alias[];
}

export interface ItemGroupRef extends Ref {
  itemGroupOid: string;
  /** 2.0. */
  methodOid?: string;
}

export interface ItemRef extends Ref {
  itemOid: string;
  keySequence?: number;
  methodOid?: string;
  role?: string;
  roleCodeListOid?: string;
  /** 1.3.2. */
  imputationMethodOid?: string;
  /** 2.0, and so to `preSpecifiedValue`: the item that holds the unit. */
  unitsItemOid?: string;
  isNonStandard?: true;
  hasNoData?: true;
  /** The item whose code list drives the group's repeats. */
  repeat?: true;
  other?: true;
  core?: 'Cond' | 'Exp' | 'Perm' | 'Req' | 'HR' | 'O' | 'R/C';
  preSpecifiedValue?: string;
}

/** `decimal` is the float of ODM 1.3.2, whose values are xs:decimal; `float` (xs:float) is 2.0's. */
export type DataType =
  | 'text'
  | 'string'
  | 'integer'
  | 'decimal'
  | 'float'
  | 'double'
  | 'boolean'
  | 'date'
  | 'time'
  | 'datetime'
  | 'partialDate'
  | 'partialTime'
  | 'partialDatetime'
  | 'durationDatetime'
  | 'intervalDatetime'
  | 'incompleteDate'
  | 'incompleteTime'
  | 'incompleteDatetime'
  | 'URI'
  | 'hexBinary'
  | 'base64Binary'
  | 'hexFloat'
  | 'base64Float';

export interface ItemDef {
  oid: string;
  name: string;
  dataType: DataType;
  /** Characters or digits. */
  length?: number;
  /** 1.3.2, and so to `comment`. */
  significantDigits?: number;
  sasFieldName?: string;
  sdsVarName?: string;
  origin?: string;
  comment?: string;
  /** 2.0. */
  displayFormat?: string;
  /** 2.0. */
  variableSet?: string;
  description?: Texts;
  question?: Texts;
  /** 2.0, and so to `cdiscNotes`. */
  definition?: Texts;
  prompt?: Texts;
  completionInstructions?: Texts;
  implementationNotes?: Texts;
  cdiscNotes?: Texts;
  /** 1.3.2. */
  externalQuestion?: ExternalQuestion;
  /** 1.3.2. */
  measurementUnitOids?: string[];
  rangeChecks?: RangeCheck[];
  codeListOid?: string;
  /** 1.3.2. */
  roles?: string[];
  aliases?: Alias[];
}

export interface ExternalQuestion {
  dictionary?: string;
  version?: string;
  code?: string;
}

/** Either values with a comparator, or expressions that are true for good values. */
export interface RangeCheck {
  comparator?: 'LT' | 'LE' | 'GT' | 'GE' | 'EQ' | 'NE' | 'IN' | 'NOTIN';
  /** Required in 1.3.2. */
  softHard?: 'Soft' | 'Hard';
  /** 2.0: of the item that is checked, if another. */
  itemOid?: string;
  values?: string[];
  /** 2.0. */
  methodSignature?: MethodSignature;
  formalExpressions?: FormalExpression[];
  /** 1.3.2: of the values. */
  measurementUnitOid?: string;
  errorMessage?: Texts;
}

/** Either code as text, or, in 2.0, a function of a library. */
export interface FormalExpression {
  context?: string;
  code?: string;
  externalCodeLib?: ExternalCodeLib;
}

export interface ExternalCodeLib {
  library: string;
  method?: string;
  version?: string;
  ref?: string;
  href?: string;
}

export interface MethodSignature {
  parameters?: Parameter[];
  returnValues?: Parameter[];
}

export interface Parameter {
  name: string;
  dataType: DataType;
  definition?: string;
  orderNumber?: number;
}

/** Either items of its own, all of them with a decode or none, or a reference to another's list. */
export interface CodeList {
  oid: string;
  name: string;
  dataType: 'text' | 'string' | 'integer' | 'decimal';
  /** 1.3.2. */
  sasFormatName?: string;
  /** 2.0. */
  isNonStandard?: true;
  description?: Texts;
  items?: CodeListItem[];
  external?: ExternalCodeList;
  aliases?: Alias[];
}

/** In 1.3.2 one without a decode is an EnumeratedItem. */
export interface CodeListItem {
  codedValue: string;
  /** A decimal number. */
  rank?: string;
  orderNumber?: number;
  /** 2.0. */
  other?: true;
  /** 2.0. */
  extendedValue?: true;
  /** 2.0. */
  description?: Texts;
  decode?: Texts;
  aliases?: Alias[];
}

/** In 2.0 a Coding of the code list. */
export interface ExternalCodeList {
  dictionary?: string;
  version?: string;
  href?: string;
  ref?: string;
  /** 2.0: the system's URI, where it is not `href`. */
  system?: string;
}

export interface ImputationMethod {
  oid: string;
  text: string;
}

export interface Presentation {
  oid: string;
  lang?: string;
  text: string;
}

export interface ConditionDef {
  oid: string;
  name: string;
  description: Texts;
  /** 2.0. */
  methodSignature?: MethodSignature;
  formalExpressions?: FormalExpression[];
  aliases?: Alias[];
}

export interface MethodDef extends ConditionDef {
  /** `Other` is 1.3.2's, `Preload` 2.0's. */
  type?: 'Computation' | 'Imputation' | 'Transpose' | 'Preload' | 'Other';
}

/** Who and where: what audit records and signatures refer to. */
export interface AdminData {
  studyOid?: string;
  users?: User[];
  locations?: Location[];
  signatureDefs?: SignatureDef[];
}

export interface User {
  oid: string;
  /** Those after `Other` are 2.0's. */
  userType?:
    | 'Sponsor'
    | 'Investigator'
    | 'Lab'
    | 'Other'
    | 'Subject'
    | 'Monitor'
    | 'Data analyst'
    | 'Care provider'
    | 'Assessor';
  userName?: string;
  /** 1.3.2. */
  displayName?: string;
  fullName?: string;
  givenName?: string;
  familyName?: string;
  /** 1.3.2. */
  organization?: string;
  /** In 2.0 no more than one. */
  locationOids?: string[];
}

export interface Location {
  oid: string;
  name: string;
  /** Free in 2.0; `Sponsor`, `Site`, `CRO`, `Lab` or `Other` in 1.3.2. */
  role?: string;
  /** At least one. */
  metaDataVersions: MetaDataVersionRef[];
}

export interface MetaDataVersionRef {
  studyOid: string;
  metaDataVersionOid: string;
  /** YYYY-MM-DD. */
  effectiveDate: string;
}

export interface SignatureDef {
  oid: string;
  methodology?: 'Digital' | 'Electronic';
  meaning: string;
  legalReason: string;
}
