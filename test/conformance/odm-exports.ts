import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemCaller } from '#access';
import { type ClinicalScope, exportClinical } from '#casebook';
import { startEmbeddedPostgres } from '#embedded-postgres';
import { migrate } from '#event-store';
import { type Installation, openInstallation, secretsFrom } from '#installation';
import {
  type ClinicalPart,
  type OdmDocument,
  type OdmVersion,
  readClinical,
  type Unsupported,
  writeClinical,
} from '#odm';
import { STUDY_LOCKS, shippedStudies, studyCommands } from '#study';
import { migrations } from '../../migrations/index.js';
import { everyAct } from './odm-casebook.js';

/** Who reads: everything, and what is told to whoever must not tell the arms apart nor who acted. */
const sights: Readonly<Record<string, Omit<ClinicalScope, 'position' | 'sites'>>> = {
  everything: { sight: () => ({ identity: true, arms: true, item: () => true }), audit: () => true },
  'what the blinded may know': {
    sight: () => ({ identity: false, arms: false, item: ({ hiddenFrom }) => !hiddenFrom }),
    audit: () => false,
  },
};

/**
 * Exports of a study in whose casebook everything happens that can, each told with what was left out.
 *
 * @throws Error where a document is not the same when it is read and written again
 */
export async function checkExports(
  versions: readonly OdmVersion[],
  check: (version: OdmVersion, xml: string) => void,
): Promise<void> {
  await withStudy(async (installation, study) => {
    const { pool, store, studies, subjectKeys: keys } = installation;
    const position = (await store.size(study)) - 1;
    for (const version of versions) {
      for (const [name, sight] of Object.entries(sights)) {
        const unsupported: Unsupported[] = [];
        const scope: ClinicalScope = { ...sight, position, sites: 'all' };
        const report = (list: Unsupported[]) => unsupported.push(...list);
        let xml = '';
        for await (const piece of exportClinical(
          { pool, store, studies, keys },
          study,
          scope,
          version,
          report,
        ))
          xml += piece;
        check(version, xml);
        if ((await again(xml, version)) !== xml)
          throw new Error(`An export in ODM ${version} is not the same when it is read and written again.`);
        const told = xml.match(/<SubjectData /g)?.length;
        if (name === 'everything' && told !== everyAct('').length)
          throw new Error(`An export in ODM ${version} tells of ${told} acts.`);
        if (unsupported.length > 0)
          throw new Error(`An export in ODM ${version} leaves out: ${JSON.stringify(unsupported)}`);
        console.log(`an export of ${name} is valid ODM ${version}, and comes back as it was`);
      }
    }
  });
}

async function again(xml: string, version: OdmVersion): Promise<string> {
  const parts: ClinicalPart[] = [];
  let head: OdmDocument | undefined;
  for await (const part of readClinical([xml])) {
    if (part.kind === 'head') head = part.document;
    else if (part.kind !== 'end') parts.push(part);
    else if (part.unsupported.length > 0)
      throw new Error(`An export in ODM ${version} is not read whole: ${JSON.stringify(part.unsupported)}`);
  }
  let written = '';
  for await (const piece of writeClinical(head!, parts, version, () => {})) written += piece;
  return written;
}

/** A study of two versions and two sites, with one casebook, on a database that is gone afterwards. */
async function withStudy(work: (installation: Installation, study: string) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'daybook-odm-'));
  const newPassword = () => randomBytes(16).toString('hex');
  const postgres = await startEmbeddedPostgres({ dataDir, newPassword, settings: { fsync: 'off' } });
  try {
    await migrate(postgres.url, migrations);
    const installation = await openInstallation(postgres.url, secretsFrom(randomBytes(32)), {
      now: () => new Date(),
      random: randomBytes,
      uuid: randomUUID,
      onFault: (where, error) => console.error(`fault in ${where}: ${error}`),
    });
    try {
      await work(installation, await enter(installation));
    } finally {
      await installation.close();
    }
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function enter({ runner, store }: Installation): Promise<string> {
  const definition = shippedStudies()[0]!;
  const study = definition.study.oid;
  const call = () => ({ log: study, caller: systemCaller('conformance'), key: randomUUID() });
  const next = structuredClone(definition) as { study: { description?: string } } & typeof definition;
  next.study.description = 'The second version';
  await runner.run(studyCommands.CreateStudy, { definition }, call());
  for (const site of ['FR01', 'DE01'])
    await runner.run(
      studyCommands.OpenSite,
      { site, name: `Centre ${site}`, country: site.slice(0, 2) },
      call(),
    );
  await runner.run(studyCommands.PublishDefinition, { definition: next }, call());
  const actor = { user: 'anna', role: 'monitor' };
  const reason = { code: 'closed', text: '' };
  await store.append(study, {
    stream: 'subject/FR01-0001',
    expectedRevision: -1,
    actor,
    events: everyAct('FR01-0001'),
  });
  await store.append(study, {
    stream: STUDY_LOCKS,
    expectedRevision: -1,
    actor,
    events: [
      { type: 'DataLocked', data: { level: 'study', reason } },
      { type: 'DataFrozen', data: { level: 'site', site: 'DE01' } },
    ],
  });
  return study;
}
