export { type Database, openDatabase } from './database.js';
export { followsOf } from './follows.js';
export { type Ambient, type Installation, openInstallation } from './installation.js';
export { kinds } from './kinds.js';
export { type Secrets, secretsFrom } from './secrets.js';
export { type SetUp, setUp } from './set-up.js';
export { readSettings, type Settings, settings } from './settings.js';
export { StartError } from './start-error.js';
