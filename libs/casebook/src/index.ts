export { formKey, type ItemAddress, itemPath } from './address.js';
export { AdjudicationController } from './adjudication/adjudication.controller.js';
export { AdjudicationRow, adjudicationRows } from './adjudication/adjudication.projection.js';
export { AdoptionController } from './adoption/adoption.controller.js';
export { Adoptions } from './adoption/adoption.service.js';
export { type ArmsTold, armsTold } from './arms-told.js';
export { BatchController } from './batch/batch.controller.js';
export { CASEBOOK_COMMANDS, type CasebookCommands, casebookCommands } from './casebook.commands.js';
export type { Casebook, CasebookEvent } from './casebook.js';
export {
  FormRow,
  formRows,
  projectCasebook,
  SubjectRow,
  subjectRows,
} from './casebook.projection.js';
export { CasebookFacts } from './casebook-facts.service.js';
export { CasebookReader } from './casebook-reader.js';
export {
  authoriseOn,
  casebooks,
  SUBJECTS,
  sealedPlace,
  subjectOf,
  subjectStream,
} from './casebook-stream.js';
export { DailyChecks } from './checks/daily-checks.service.js';
export { FormController } from './form/form.controller.js';
export { masks } from './form/form-answer.dto.js';
export type { FormState, ItemState } from './form/form-state.js';
export { versionFollowed } from './form/history.js';
export { placeTellsArms, tellsArms } from './form/plan.js';
export { readerOf } from './form/reader.js';
export { holdsSealed, showHeld } from './form/view.js';
export type { Change, Held, Reason } from './held.js';
export { DUPLICATE_FOLLOWER, DuplicateController } from './identity/duplicate.controller.js';
export { fingerprintRows } from './identity/duplicate.projection.js';
export { DuplicateWatch } from './identity/duplicate-watch.service.js';
export { ErasureController } from './identity/erasure.controller.js';
export { foldIdentity, identityAnew } from './identity/identity.projection.js';
export { SubjectKeys } from './identity/subject-key.table.js';
export { LockController } from './lock/lock.controller.js';
export { lockStatus } from './lock/lock.view.js';
export { refuseLocked } from './lock/lock-guard.js';
export { OdmClinicalController } from './odm/odm-clinical.controller.js';
export { type ClinicalScope, type ClinicalSources, exportClinical } from './odm/odm-clinical.projection.js';
export { clinicalDocument } from './odm/odm-document.projection.js';
export { type ImportedSubject, importClinical } from './odm/odm-import.service.js';
export { QueryController } from './query/query.controller.js';
export { subjectOfQuery } from './query/query.js';
export { QueryRow, queryRows } from './query/query.projection.js';
export { showsQuery } from './query/query.view.js';
export { conditionsOf, type QueryScope, queriesAsOf } from './query/query-list.projection.js';
export { QueryLooks } from './query/query-looks.service.js';
export { QueryReadController } from './query/query-read.controller.js';
export { itemsOf, type QueryState } from './query/query-state.js';
export { SignatureController } from './signature/signature.controller.js';
export { SignatureRow, signatureRows } from './signature/signature.projection.js';
export { signaturesOf } from './signature/signature.view.js';
export { hashOfSigned, signedContent } from './signature/signature-content.js';
export type { SignatureState } from './signature/signature-state.js';
export { SubjectController } from './subject/subject.controller.js';
export type { EnrolSubject } from './subject/subject.js';
export { windowOf } from './subject/subject.view.js';
export { visitState } from './subject/visit-state.js';
export { TransferController } from './transfer/transfer.controller.js';
export { DepartureRow, departureRows, lastDepartures } from './transfer/transfer.projection.js';
export { VERIFICATION_FOLLOWER, VerificationController } from './verification/verification.controller.js';
export {
  foldVerification,
  VerificationRow,
  verificationAnew,
  verificationRows,
} from './verification/verification.projection.js';
