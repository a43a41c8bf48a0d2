import { createReadStream } from 'node:fs';
import { Command } from 'commander';
import { systemCaller } from '#access';
import { migrate } from '#event-store';
import type { Installation } from '#installation';
import { readMetadata, type Unsupported } from '#odm';
import { Problem } from '#problem';
import { readDefinition, studyCommands } from '#study';
import { migrations } from '../../../migrations/index.js';
import { type Enrolment, enterClinical } from './import-clinical.js';
import { type Print, printProblem, printUnsupported } from './print.js';
import { withDatabase } from './with-database.js';
import { withInstallation } from './with-installation.js';

export const importCommand = new Command('import')
  .description(
    'publish the study of a CDISC ODM document (1.3.2 or 2.0), and enter its clinical data; what is not carried is listed',
  )
  .argument('<file>', 'the document')
  .option('--site <site>', 'where subjects are enrolled of whom the document does not say it')
  .option('--consent-date <date>', 'YYYY-MM-DD, of subjects of whom the document does not say it')
  .action(async (file: string, enrolment: Enrolment) => {
    await withDatabase(({ url }) => migrate(url, migrations));
    await withInstallation(async (installation) => {
      try {
        if ((await importFile(installation, file, enrolment, print)) > 0) process.exitCode = 1;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        printProblem(print, error);
        process.exitCode = 1;
      }
    });
  });

/** Imports what the document has: metadata, clinical data, or both. Gives how many entries were refused. */
export async function importFile(
  installation: Installation,
  file: string,
  enrolment: Enrolment,
  print: Print,
): Promise<number> {
  const { document, unsupported } = await readMetadata(createReadStream(file));
  const hasMetadata = document.studies.some(({ metaDataVersions }) => metaDataVersions.length > 0);
  const hasClinical = unsupported.some(({ element }) => element === 'ClinicalData');
  if (hasMetadata || !hasClinical) await publish(installation, file, print);
  return hasClinical ? enterClinical(installation, createReadStream(file), enrolment, print) : 0;
}

async function publish({ runner, uuid }: Installation, file: string, print: Print): Promise<void> {
  const { definition, unsupported } = await readDefinition(createReadStream(file));
  const { oid } = definition.study;
  try {
    const call = { log: oid, caller: systemCaller('odm-import'), key: uuid() };
    await runner.run(studyCommands.CreateStudy, { definition }, call);
    print(`study ${oid}: published as version 1`);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'already-exists') throw error;
    print(`study ${oid}: exists already, and was left as it is`);
  }
  printUnsupported(print, unsupported.filter(isOfMetadata));
}

const isOfMetadata = ({ element }: Unsupported) => element !== 'ClinicalData';

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
