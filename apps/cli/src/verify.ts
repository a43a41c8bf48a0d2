import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { verifyLog } from '#audit';

interface Options {
  checkpoint: string;
  keys: string;
}

export const verifyCommand = new Command('verify')
  .description('prove, without the server, that exported entries are those that a checkpoint was signed for')
  .argument('<entries>', 'entries as NDJSON, from position 0 (GET …/log/entries)')
  .requiredOption('--checkpoint <file>', 'the signed note (GET …/log/checkpoint)')
  .requiredOption('--keys <file>', 'verifier keys that you trust, one a line (GET …/log/keys)')
  .action(async (file: string, { checkpoint, keys }: Options) => {
    const verdict = await verifyLog({
      entries: createInterface({
        input: createReadStream(file, 'utf8'),
        crlfDelay: Number.POSITIVE_INFINITY,
      }),
      checkpoint: readFileSync(checkpoint, 'utf8'),
      keys: readFileSync(keys, 'utf8').split('\n').filter(Boolean),
    });
    for (const { kind, position, detail } of verdict.faults) {
      process.stdout.write(`${kind}${position === null ? '' : ` at position ${position}`}: ${detail}\n`);
    }
    process.stdout.write(verdict.ok ? `verified: ${verdict.size} entries are as signed\n` : 'NOT verified\n');
    if (!verdict.ok) process.exitCode = 1;
  });
