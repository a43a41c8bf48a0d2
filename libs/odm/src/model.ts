import type { AdminData } from './admin-model.js';
import type { CodeList, ConditionDef, ItemDef, MethodDef } from './item-model.js';
import type { Alias, Texts } from './texts.js';

/**
 * ODM metadata, neutral of the version: what ODM 1.3.2 calls FormDef and 2.0 an ItemGroupDef of type Form is a
 * form here, and so on. Names are ODM's. A comment names the version where only one has the thing.
 * Keys are absent where the document says nothing; lists other than the definitions' are absent when empty.
 */

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

export interface ImputationMethod {
  oid: string;
  text: string;
}

export interface Presentation {
  oid: string;
  lang?: string;
  text: string;
}
