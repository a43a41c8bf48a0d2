import { Command } from 'commander';
import { Client } from 'pg';
import { rebuildFollowing, rebuildInline } from '#commands';
import { ownerConnection } from '#event-store';
import { followsOf, kinds } from '#installation';
import { withInstallation } from './with-installation.js';

export const rebuildCommand = new Command('rebuild')
  .description('make every read model anew from the log')
  .action(() =>
    withInstallation(async (installation, { url }) => {
      const owner = new Client(ownerConnection(url));
      await owner.connect();
      try {
        report('inline', await rebuildInline(owner, kinds));
        const followers = followsOf(installation);
        report(Object.keys(followers).join(', '), await rebuildFollowing(owner, followers));
      } finally {
        await owner.end();
      }
    }),
  );

function report(what: string, events: number): void {
  process.stdout.write(`${what}: rebuilt from ${events} events\n`);
}
