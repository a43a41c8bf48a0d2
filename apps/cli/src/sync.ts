import { setTimeout } from 'node:timers/promises';
import { Command, Option } from 'commander';
import type { Credentials } from './sync-api.js';
import { SyncError } from './sync-error.js';
import { type FileFormat, fileFormats } from './sync-files.js';
import { progressOn } from './sync-progress.js';
import { syncStudy } from './sync-run.js';

interface Options {
  url: string;
  study?: string;
  format: FileFormat;
  asOf?: string;
  datasets?: string[];
}

export const syncCommand = new Command('sync')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .description(
    'keep a verified copy of a study’s datasets in a directory, over HTTP: all at first, then what changed',
  )
  .argument('<directory>', 'of the copy')
  .requiredOption('--url <url>', 'of the server, such as https://daybook.example')
  .option('--study <study>', 'its OID; needed once, where the account sees several')
  .addOption(new Option('--format <format>', 'of the files').choices(fileFormats).default('parquet'))
  .option('--as-of <moment>', 'a position or an RFC 3339 instant, instead of now')
  .option('--datasets <names>', 'only these, with commas between', (names) => names.split(','))
  .addHelpText(
    'after',
    `
The account is read from the environment, never from the command line:
  DAYBOOK_CLIENT_ID and DAYBOOK_CLIENT_SECRET  of a service account
  DAYBOOK_EMAIL and DAYBOOK_PASSWORD           of a person

Exit code: 0 synced and verified, 1 not reached or refused, 2 wrongly asked, 3 not verified.`,
  )
  .action(async (directory: string, { asOf, ...options }: Options) => {
    try {
      const report = await syncStudy({
        ...options,
        asOf,
        directory,
        credentials: credentialsIn(process.env),
        wait: (seconds) => setTimeout(seconds * 1000),
        progress: progressOn(process.stderr),
      });
      const { study, position, datasets, upserts, deletes, files } = report;
      process.stdout.write(
        `${study} at position ${position}: ${datasets} datasets, ${upserts} rows in, ${deletes} out, ${files.length} files written; verified\n`,
      );
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      process.stderr.write(`daybook sync: ${error.message}\n`);
      process.exitCode = error.code;
    }
  });

/** @throws SyncError where neither pair is there */
function credentialsIn(environment: NodeJS.ProcessEnv): Credentials {
  const { DAYBOOK_CLIENT_ID, DAYBOOK_CLIENT_SECRET, DAYBOOK_EMAIL, DAYBOOK_PASSWORD } = environment;
  if (DAYBOOK_CLIENT_ID && DAYBOOK_CLIENT_SECRET)
    return { clientId: DAYBOOK_CLIENT_ID, clientSecret: DAYBOOK_CLIENT_SECRET };
  if (DAYBOOK_EMAIL && DAYBOOK_PASSWORD) return { email: DAYBOOK_EMAIL, password: DAYBOOK_PASSWORD };
  throw new SyncError(
    'set DAYBOOK_CLIENT_ID and DAYBOOK_CLIENT_SECRET (or DAYBOOK_EMAIL and DAYBOOK_PASSWORD)',
    2,
  );
}
