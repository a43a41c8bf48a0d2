import { Command } from 'commander';
import { migrate } from '#event-store';
import { migrations } from '../../../migrations/index.js';
import { withDatabase } from './with-database.js';

export const migrateCommand = new Command('migrate')
  .description('apply the migrations that the database does not have yet')
  .action(() => withDatabase(({ url }) => migrate(url, migrations)));
