export { AccessModule } from './access.module.js';
export { AccessRecord, type IdentityPlace } from './guard/access-record.service.js';
export { RefusalRecorder } from './guard/access-refused.service.js';
export { Callers } from './guard/callers.service.js';
export { CurrentCaller } from './guard/current-caller.decorator.js';
export { type Need, Needs, Public, whoMay } from './guard/needs.decorator.js';
export { newId } from './guard/new-id.decorator.js';
export { WriteCall } from './guard/write-call.decorator.js';
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
  siteList,
  sitesFor,
  systemCaller,
} from './scope.js';
export { ServerSecret } from './server-secret.service.js';
export { AccessTokens } from './sign-in/access-token.service.js';
export { ClientSecrets } from './sign-in/client-secret.table.js';
export { Credentials } from './sign-in/credential.table.js';
export { ForeignTokens, type Issuer } from './sign-in/foreign-token.service.js';
export { Lockouts } from './sign-in/lockout.table.js';
export { refuseWeakPassword } from './sign-in/password.js';
export { SecondFactors } from './sign-in/second-factor.table.js';
export { Sessions } from './sign-in/session.table.js';
export { SignIn } from './sign-in/sign-in.service.js';
export { SignInLimit } from './sign-in/sign-in-limit.service.js';
export {
  INSTALLATION_LOG,
  USER_COMMANDS,
  type UserCommands,
  userCommands,
  users,
} from './user/user.commands.js';
export { userRows } from './user/user.projection.js';
