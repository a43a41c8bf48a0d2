export { type Permission, permissions, type Role, roles } from './roles.js';
export { authorise, type Caller, type Grant, type Sight, type Sites, sightOf, sitesFor } from './scope.js';
