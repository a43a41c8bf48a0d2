export { AccessModule } from './access.module.js';
export { AccessTokens } from './access-token.service.js';
export { Public } from './auth.guard.js';
export { Callers } from './callers.service.js';
export { Credentials } from './credential.table.js';
export { CurrentCaller } from './current-caller.decorator.js';
export { newId } from './new-id.decorator.js';
export { refuseWeakPassword } from './password.js';
export { type Permission, permissions, type Role, roles } from './roles.js';
export {
  authorise,
  type Caller,
  type Grant,
  type Sight,
  type Sites,
  sightOf,
  sitesFor,
  systemCaller,
} from './scope.js';
export { Sessions } from './session.table.js';
export { SignInLimit } from './sign-in-limit.service.js';
export { INSTALLATION_LOG, USER_COMMANDS, type UserCommands, userCommands, users } from './user.commands.js';
export { userRows } from './user.projection.js';
export { WriteCall } from './write-call.decorator.js';
