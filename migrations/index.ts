import { Log1764000000000 } from './1764000000000-log.js';
import { Access1764000000100 } from './1764000000100-access.js';
import { Casebook1764000000200 } from './1764000000200-casebook.js';
import { Following1764000000300 } from './1764000000300-following.js';
import { SigningKey1764000000400 } from './1764000000400-signing-key.js';

/** In the order in which they run. A migration is never edited once released. */
export const migrations = [
  Log1764000000000,
  Access1764000000100,
  Casebook1764000000200,
  Following1764000000300,
  SigningKey1764000000400,
];
