export { AdoptionController } from './adoption.controller.js';
export { Adoptions } from './adoption.service.js';
export {
  authoriseOn,
  CASEBOOK_COMMANDS,
  type CasebookCommands,
  casebookCommands,
  casebooks,
  sealedPlace,
  subjectStream,
} from './casebook.commands.js';
export {
  type Casebook,
  type CasebookEvent,
  type Change,
  type FormState,
  formKey,
  type Held,
  type ItemState,
  itemPath,
  type QueryState,
  type Reason,
} from './casebook.js';
export {
  FormRow,
  formRows,
  projectCasebook,
  QueryRow,
  queryRows,
  SubjectRow,
  subjectRows,
} from './casebook.projection.js';
export { CasebookReader } from './casebook-reader.js';
export { FormController } from './form.controller.js';
export { versionFollowed } from './history.js';
export { type ClinicalSources, exportClinical } from './odm-clinical.projection.js';
export { type OdmAct, OdmEntry } from './odm-entry.js';
export { QueryController } from './query.controller.js';
export { readerOf } from './reader.js';
export { SubjectController } from './subject.controller.js';
export type { EnrolSubject } from './subject.js';
export { SubjectKeys } from './subject-key.table.js';
export { holdsSealed, showHeld } from './view.js';
