export { AccessModule } from './access.module.js';
export { AccessRecord, type IdentityPlace } from './access-record.service.js';
export { AccessTokens } from './access-token.service.js';
export { Callers } from './callers.service.js';
export { ClientSecrets } from './client-secret.table.js';
export { Credentials } from './credential.table.js';
export { CurrentCaller } from './current-caller.decorator.js';
export { ForeignTokens, type Issuer } from './foreign-token.service.js';
export { Lockouts } from './lockout.table.js';
export { type Need, Needs, Public, whoMay } from './needs.decorator.js';
export { newId } from './new-id.decorator.js';
export { refuseWeakPassword } from './password.js';
export { type Permission, permissions, type Role, roles } from './roles.js';
export {
  authorise,
  type Caller,
  coversSite,
  type Grant,
  Refused,
  type Sight,
  type Sites,
  sightOf,
  sitesFor,
  systemCaller,
} from './scope.js';
export { SecondFactors } from './second-factor.table.js';
export { ServerSecret } from './server-secret.service.js';
export { Sessions } from './session.table.js';
export { SignIn } from './sign-in.service.js';
export { SignInLimit } from './sign-in-limit.service.js';
export { INSTALLATION_LOG, USER_COMMANDS, type UserCommands, userCommands, users } from './user.commands.js';
export { userRows } from './user.projection.js';
export { WriteCall } from './write-call.decorator.js';
