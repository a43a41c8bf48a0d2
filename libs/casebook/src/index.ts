export { formKey, itemPath } from './address.js';
export { AdoptionController } from './adoption.controller.js';
export { Adoptions } from './adoption.service.js';
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
export { FormController } from './form.controller.js';
export type { FormState, ItemState } from './form-state.js';
export type { Change, Held, Reason } from './held.js';
export { versionFollowed } from './history.js';
export { type ClinicalSources, exportClinical } from './odm-clinical.projection.js';
export { type OdmAct, OdmEntry } from './odm-entry.js';
export { QueryController } from './query.controller.js';
export type { QueryState } from './query-state.js';
export { readerOf } from './reader.js';
export { SubjectController } from './subject.controller.js';
export type { EnrolSubject } from './subject.js';
export { SubjectKeys } from './subject-key.table.js';
export { holdsSealed, showHeld } from './view.js';
