import { Command } from 'commander';
import { Client } from 'pg';
import { foldAudit } from '#audit';
import { foldIdentity, foldVerification } from '#casebook';
import { rebuildFollowing, rebuildInline } from '#commands';
import { ownerConnection } from '#event-store';
import { kinds } from '#installation';
import { foldProgress } from '#monitoring';
import { foldOutcomes } from '#outcomes';
import { withInstallation } from './with-installation.js';

export const rebuildCommand = new Command('rebuild')
  .description('make every read model anew from the log')
  .action(() =>
    withInstallation(async ({ streams, studies, subjectKeys }, { url }) => {
      const owner = new Client(ownerConnection(url));
      await owner.connect();
      try {
        report('inline', await rebuildInline(owner, kinds));
        report('outcomes', await rebuildFollowing(owner, 'outcomes', ['outcome'], foldOutcomes(studies)));
        report('audit', await rebuildFollowing(owner, 'audit', ['audit_entry'], foldAudit()));
        const verification = foldVerification(studies);
        report('verification', await rebuildFollowing(owner, 'verification', ['verification'], verification));
        const progress = foldProgress(streams, studies);
        report('progress', await rebuildFollowing(owner, 'progress', ['progress', 'progress_sum'], progress));
        const identity = foldIdentity(studies, subjectKeys);
        report('identity', await rebuildFollowing(owner, 'identity', ['subject_fingerprint'], identity));
      } finally {
        await owner.end();
      }
    }),
  );

function report(what: string, events: number): void {
  process.stdout.write(`${what}: rebuilt from ${events} events\n`);
}
