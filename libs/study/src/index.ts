export {
  type CompiledForm,
  type CompiledGroup,
  type CompiledItem,
  type CompiledStudy,
  type CompiledVisit,
  compile,
} from './compile.js';
export type { CompiledExpressions } from './compile-expressions.js';
export type {
  Bounds,
  Coded,
  CodeList,
  DateSource,
  Definition,
  Endpoint,
  EnrolmentPlan,
  EventSource,
  FormDefinition,
  GroupDefinition,
  ItemDefinition,
  ItemType,
  Milestones,
  QueryTimes,
  Target,
  VisitDefinition,
} from './definition.js';
export { type DefinitionChange, diffDefinitions } from './diff.js';
export type { Verdict } from './diff-rules.js';
export { drawOf } from './draw.js';
export { checkValue, outsideSoftRange, type ValueFault, type ValueFaultCode } from './item-value.js';
export { Lineage } from './lineage.js';
export { STUDY_LOCKS, studyLockCommands, studyLocks } from './lock.commands.js';
export { StudyLockController } from './lock.controller.js';
export { LockReasonBody } from './lock.dto.js';
export {
  applyStep,
  type DataLock,
  type LockMark,
  type LockReason,
  type LockStep,
  nothingLocked,
  parseLockReason,
  refuseStep,
  type StudyLocks,
  siteLock,
} from './lock.js';
export { commentOf, readDefinition, writeDefinition } from './odm-answer.js';
export { definitionFromOdm, definitionToOdm, odmOidsOf, type Publication } from './odm-definition.js';
export { ownItemsOid } from './odm-import.js';
export type { Kind, OdmOids } from './odm-oids.js';
export {
  type AdjudicationDefinition,
  adjudicatedItems,
  type VerificationDefinition,
} from './oversight.js';
export { nothingPublished, type Publications, type PublishDefinition } from './publication.js';
export {
  type SdtmDomain,
  type SdtmKey,
  type SdtmRecord,
  type SdtmSource,
  type SdtmValue,
  type SdtmVariable,
  sdtmKeyNames,
  sdtmSources,
} from './sdtm-mapping.js';
export { sentDefinition } from './sent-definition.js';
export { shippedStudies } from './shipped.js';
export { SiteController } from './site.controller.js';
export type { ChangeSite, OpenSite, Site } from './site.js';
export { Studies } from './studies.js';
export { PUBLICATIONS, publications, sites, studyCommands } from './study.commands.js';
export { StudyController } from './study.controller.js';
export { SiteRow, StudyRow, siteRows, studyRows } from './study.projection.js';
export { validateDefinition } from './validate.js';
export { hasSource } from './verification-plan.js';
