import { randomBytes, randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { Client } from 'pg';
import { foldAudit } from '#audit';
import { rebuildFollowing, rebuildInline } from '#commands';
import { ownerConnection } from '#event-store';
import { kinds, openInstallation, secretsFrom } from '#installation';
import { foldOutcomes } from '#outcomes';
import { withDatabase } from './with-database.js';

export const rebuildCommand = new Command('rebuild')
  .description('make every read model anew from the log')
  .action(() =>
    withDatabase(async ({ url, keyEncryptionKey }) => {
      const installation = await openInstallation(url, secretsFrom(keyEncryptionKey), {
        now: () => new Date(),
        random: randomBytes,
        uuid: randomUUID,
        onFault: (where, error) => process.stderr.write(`fault in ${where}: ${error}\n`),
      });
      const owner = new Client(ownerConnection(url));
      await owner.connect();
      try {
        report('inline', await rebuildInline(owner, kinds));
        report(
          'outcomes',
          await rebuildFollowing(owner, 'outcomes', ['outcome'], foldOutcomes(installation.studies)),
        );
        report('audit', await rebuildFollowing(owner, 'audit', ['audit_entry'], foldAudit()));
      } finally {
        await owner.end();
        await installation.close();
      }
    }),
  );

function report(what: string, events: number): void {
  process.stdout.write(`${what}: rebuilt from ${events} events\n`);
}
