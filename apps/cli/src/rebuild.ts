import { Command } from 'commander';
import { Client } from 'pg';
import { rebuild } from '#commands';
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
        const followers = followsOf(installation);
        const { inline, following } = await rebuild(owner, installation.pool, kinds, followers);
        report('inline', inline);
        report(Object.keys(followers).join(', '), following);
      } finally {
        await owner.end();
      }
    }),
  );

function report(what: string, events: number): void {
  process.stdout.write(`${what}: rebuilt from ${events} events\n`);
}
