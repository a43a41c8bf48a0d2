export {
  type CompiledForm,
  type CompiledGroup,
  type CompiledItem,
  type CompiledStudy,
  type CompiledVisit,
  compile,
} from './definition/compile.js';
export type { CompiledExpressions } from './definition/compile-expressions.js';
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
} from './definition/definition.js';
export { type DefinitionChange, diffDefinitions } from './definition/diff.js';
export type { Verdict } from './definition/diff-rules.js';
export { drawOf } from './definition/draw.js';
export {
  checkValue,
  outsideSoftRange,
  type ValueFault,
  type ValueFaultCode,
} from './definition/item-value.js';
export { Lineage } from './definition/lineage.js';
export {
  type AdjudicationDefinition,
  adjudicatedItems,
  type VerificationDefinition,
} from './definition/oversight.js';
export {
  type SdtmDomain,
  type SdtmKey,
  type SdtmRecord,
  type SdtmSource,
  type SdtmValue,
  type SdtmVariable,
  sdtmKeyNames,
  sdtmSources,
} from './definition/sdtm-mapping.js';
export { validateDefinition } from './definition/validate.js';
export { hasSource } from './definition/verification-plan.js';
export { definitionBody, definitionSchemas } from './definition.dto.js';
export { STUDY_LOCKS, studyLockCommands, studyLocks } from './lock/lock.commands.js';
export { StudyLockController } from './lock/lock.controller.js';
export { LockMarkAnswer, LockReasonBody, ReasonAnswer } from './lock/lock.dto.js';
export {
  applyStep,
  type DataLock,
  type LockMark,
  type LockReason,
  type LockStep,
  nothingLocked,
  parseLockReason,
  refuseStep,
  type StudyLockEvent,
  type StudyLocks,
  siteLock,
} from './lock/lock.js';
export { commentOf, readDefinition, writeDefinition } from './odm/odm-answer.js';
export { definitionFromOdm, definitionToOdm, odmOidsOf, type Publication } from './odm/odm-definition.js';
export { ownItemsOid } from './odm/odm-import.js';
export type { Kind, OdmOids } from './odm/odm-oids.js';
export { nothingPublished, type Publications, type PublishDefinition } from './publication.js';
export { sentDefinition } from './sent-definition.js';
export { shippedStudies } from './shipped.js';
export { SiteController } from './site.controller.js';
export type { ChangeSite, OpenSite, Site } from './site.js';
export { Studies } from './studies.js';
export { PUBLICATIONS, publications, sites, studyCommands } from './study.commands.js';
export { StudyController } from './study.controller.js';
export { DefinitionChangeAnswer, PublishedAnswer, UnsupportedAnswer } from './study.dto.js';
export { listSitesAsOf, SiteRow, StudyRow, siteRows, studyRows } from './study.projection.js';
