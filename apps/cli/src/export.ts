import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { type ClinicalScope, exportClinical } from '#casebook';
import type { Installation } from '#installation';
import type { OdmVersion, Unsupported } from '#odm';
import { Problem } from '#problem';
import { writeDefinition } from '#study';
import { printProblem, printUnsupported } from './print.js';
import { withInstallation } from './with-installation.js';

interface Options {
  odm: OdmVersion;
  clinical?: true;
  out?: string;
}

/** Everything but who the subjects are. */
const unidentified: Omit<ClinicalScope, 'position'> = {
  sites: 'all',
  sight: () => ({ identity: false, arms: true, item: () => true }),
  audit: () => true,
};

export const exportCommand = new Command('export')
  .description('write a study as a CDISC ODM document; what it does not carry goes to standard error')
  .argument('<study>', 'its OID')
  .addOption(new Option('--odm <version>', 'version of ODM').choices(['1.3.2', '2.0']).default('1.3.2'))
  .option('--clinical', 'with all data and their audit trail, but for identifying items')
  .option('--out <file>', 'instead of standard output')
  .action((study: string, options: Options) =>
    withInstallation(async (installation) => {
      const unsupported: Unsupported[] = [];
      const source = documentOf(installation, study, options, (list) => unsupported.push(...list));
      const target = options.out === undefined ? process.stdout : createWriteStream(options.out);
      try {
        await pipeline(Readable.from(source), target, { end: options.out !== undefined });
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        printProblem(printError, error);
        process.exitCode = 1;
      }
      printUnsupported(printError, unsupported);
    }),
  );

async function* documentOf(
  installation: Installation,
  study: string,
  { odm, clinical }: Options,
  report: (unsupported: Unsupported[]) => void,
): AsyncGenerator<string> {
  const { pool, store, studies, subjectKeys: keys } = installation;
  if (clinical) {
    const scope = { ...unidentified, position: (await store.size(study)) - 1 };
    yield* exportClinical({ pool, store, studies, keys }, study, scope, odm, report);
    return;
  }
  const { versions } = await studies.publications(study);
  const current = versions.at(-1);
  if (!current) throw new Problem('not-found', `There is no study ${study}.`);
  const publication = { version: versions.length, at: current.publishedAt };
  const { xml, unsupported } = writeDefinition(current.definition, odm, publication);
  report(unsupported);
  yield xml;
}

function printError(line: string): void {
  process.stderr.write(`${line}\n`);
}
