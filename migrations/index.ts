import { Log1764000000000 } from './1764000000000-log.js';
import { Access1764000000100 } from './1764000000100-access.js';
import { Casebook1764000000200 } from './1764000000200-casebook.js';
import { Following1764000000300 } from './1764000000300-following.js';
import { SigningKey1764000000400 } from './1764000000400-signing-key.js';
import { Accounts1764000001100 } from './1764000001100-accounts.js';
import { Outcome1764000002000 } from './1764000002000-outcome.js';
import { Query1764000003000 } from './1764000003000-query.js';
import { Oversight1764000004000 } from './1764000004000-oversight.js';
import { Signature1764000005000 } from './1764000005000-signature.js';

import { Snapshots1764000006000 } from './1764000006000-snapshots.js';
import { Progress1764000007000 } from './1764000007000-progress.js';
import { Departure1764000008000 } from './1764000008000-departure.js';
import { Duplicates1764000008100 } from './1764000008100-duplicates.js';
import { DailyCheck1764000008200 } from './1764000008200-daily-check.js';
import { ProgressSum1764000009000 } from './1764000009000-progress-sum.js';
import { Storage1764000010000 } from './1764000010000-storage.js';
import { DepartureLists1764000011000 } from './1764000011000-departure-lists.js';
import { HeadFromEvents1764000012000 } from './1764000012000-head-from-events.js';

/** In the order in which they run. A migration is never edited once released. */
export const migrations = [
  Log1764000000000,
  Access1764000000100,
  Casebook1764000000200,
  Following1764000000300,
  SigningKey1764000000400,
  Accounts1764000001100,
  Outcome1764000002000,
  Oversight1764000004000,
  Query1764000003000,
  Signature1764000005000,
  Snapshots1764000006000,
  Progress1764000007000,
  Departure1764000008000,
  Duplicates1764000008100,
  DailyCheck1764000008200,
  ProgressSum1764000009000,
  Storage1764000010000,
  DepartureLists1764000011000,
  HeadFromEvents1764000012000,
];
