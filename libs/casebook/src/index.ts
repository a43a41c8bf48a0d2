export { formKey, type ItemAddress, itemPath } from './address.js';
export { AdjudicationController } from './adjudication.controller.js';
export { AdjudicationRow, adjudicationRows } from './adjudication.projection.js';
export { AdoptionController } from './adoption.controller.js';
export { Adoptions } from './adoption.service.js';
export { type ArmsTold, armsTold } from './arms-told.js';
export { BatchController } from './batch.controller.js';
export { CASEBOOK_COMMANDS, type CasebookCommands, casebookCommands } from './casebook.commands.js';
export type { Casebook, CasebookEvent } from './casebook.js';
export {
  FormRow,
  formRows,
  projectCasebook,
  QueryRow,
  queryRows,
  SubjectRow,
  subjectRows,
} from './casebook.projection.js';
export { CasebookFacts } from './casebook-facts.service.js';
export { CasebookReader } from './casebook-reader.js';
export { authoriseOn, casebooks, sealedPlace, subjectStream } from './casebook-stream.js';
export { DailyChecks } from './daily-checks.service.js';
export { DUPLICATE_FOLLOWER, DuplicateController } from './duplicate.controller.js';
export { DuplicateWatch } from './duplicate-watch.service.js';
export { ErasureController } from './erasure.controller.js';
export { FormController } from './form.controller.js';
export type { FormState, ItemState } from './form-state.js';
export type { Change, Held, Reason } from './held.js';
export { versionFollowed } from './history.js';
export { foldIdentity } from './identity.projection.js';
export { LockController } from './lock.controller.js';
export { lockStatus } from './lock.view.js';
export { refuseLocked } from './lock-guard.js';
export { OdmClinicalController } from './odm-clinical.controller.js';
export { type ClinicalScope, type ClinicalSources, exportClinical } from './odm-clinical.projection.js';
export { type ImportedSubject, importClinical } from './odm-import.service.js';
export { placeTellsArms, tellsArms } from './plan.js';
export { QueryController } from './query.controller.js';
export { subjectOfQuery } from './query.js';
export { showsQuery } from './query.view.js';
export { conditionsOf, type QueryScope, queriesAsOf } from './query-list.projection.js';
export { QueryLooks } from './query-looks.service.js';
export { QueryReadController } from './query-read.controller.js';
export type { QueryState } from './query-state.js';
export { readerOf } from './reader.js';
export { SignatureController } from './signature.controller.js';
export { SignatureRow, signatureRows } from './signature.projection.js';
export { signaturesOf } from './signature.view.js';
export { hashOfSigned, signedContent } from './signature-content.js';
export type { SignatureState } from './signature-state.js';
export { SubjectController } from './subject.controller.js';
export type { EnrolSubject } from './subject.js';
export { windowOf } from './subject.view.js';
export { SubjectKeys } from './subject-key.table.js';
export { TransferController } from './transfer.controller.js';
export { DepartureRow, departureRows } from './transfer.projection.js';
export { VERIFICATION_FOLLOWER, VerificationController } from './verification.controller.js';
export { foldVerification, VerificationRow } from './verification.projection.js';
export { holdsSealed, showHeld } from './view.js';
export { visitState } from './visit-state.js';
