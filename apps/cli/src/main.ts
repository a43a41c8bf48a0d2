import { program } from 'commander';
import { StartError } from '#installation';
import { exportCommand } from './export.js';
import { importCommand } from './import.js';
import { migrateCommand } from './migrate.js';
import { rebuildCommand } from './rebuild.js';
import { serveCommand } from './serve.js';
import { settingsCommand } from './settings.js';
import { syncCommand } from './sync.js';
import { verifyCommand } from './verify.js';

program
  .name('daybook')
  .description('Every data entry, correction and query of a trial as an immutable, provable event.');
const commands = [
  serveCommand,
  migrateCommand,
  importCommand,
  exportCommand,
  rebuildCommand,
  syncCommand,
  verifyCommand,
  settingsCommand,
];
for (const command of commands) program.addCommand(command);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`daybook: ${error instanceof StartError ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
