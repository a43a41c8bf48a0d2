export { type Affected, type Dependent, type Dependents, dependentsOf, type FormChange } from './affected.js';
export { type CasebookView, casebookView } from './casebook-view.js';
export {
  type CheckDefinition,
  type CheckSet,
  type CheckSetDefinition,
  type CheckSetFault,
  compileCheckSet,
  type DerivationDefinition,
} from './check-set.js';
export {
  type Check,
  compileCheck,
  compileDerivation,
  type Derivation,
  type Derived,
  type Verdict,
} from './compile.js';
export type { ConditionDefinition } from './conditions.js';
export { type ConstantValue, constantFaults, constantsOf } from './constants.js';
export {
  type Constant,
  type Environment,
  environmentOf,
  type StudyDescription,
  shortName,
} from './environment.js';
export type { CasebookFacts, FormFacts, Held, Place, RowPlace, Value } from './facts.js';
export type { ExpressionFault, FaultCode } from './fault.js';
export { LIMITS } from './limits.js';
export { compileMessage, type Message } from './message.js';
export type { PlacedCheck } from './placed-check.js';
export type { Fact, Reads } from './reads.js';
