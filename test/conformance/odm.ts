import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs';
import {
  type ClinicalPart,
  type OdmDocument,
  type OdmVersion,
  readMetadata,
  writeClinical,
  writeMetadata,
} from '#odm';
import { type Definition, definitionFromOdm, definitionToOdm, shippedStudies } from '#study';
import { clinicalParts } from './odm-clinical-models.js';
import { checkExports } from './odm-exports.js';
import { documents } from './odm-models.js';

/**
 * Holds our ODM documents against CDISC's schemas: `odm.js FOLDER`, where FOLDER has them in `odm-schema` and
 * documents of others in `odm-examples`. Exits with 1 where one is not valid or does not come back as it was.
 */

const schemas: Readonly<Record<OdmVersion, string>> = {
  '1.3.2': 'odm-schema/odm-1.3.2/ODM1-3-2.xsd',
  '2.0': 'odm-schema/odm-2.0/ODM.xsd',
};
const versions: readonly OdmVersion[] = ['1.3.2', '2.0'];
const SAMPLES = { numRuns: 200, seed: 20260131 };

type Validate = (xml: string) => void;

function validator(schema: string): Validate {
  const document = XmlDocument.fromBuffer(readFileSync(schema), { url: schema });
  const validator = XsdValidator.fromDoc(document);
  return (xml) => {
    const written = XmlDocument.fromString(xml);
    try {
      validator.validate(written);
    } finally {
      written.dispose();
    }
  };
}

/** A schema that is not applied would find everything valid. */
function checkRefusal(version: OdmVersion, validate: Validate): void {
  const file = { fileOid: 'F', fileType: 'Snapshot', creationDateTime: '2026-01-31T00:00:00Z' } as const;
  const { xml } = writeMetadata({ file, studies: [], adminData: [] }, version);
  for (const broken of [xml.replace('FileOID="F"', ''), xml.replace('/>', '><Study/></ODM>')]) {
    try {
      validate(broken);
    } catch {
      continue;
    }
    throw new Error(`The schema of ODM ${version} refuses nothing.`);
  }
}

async function checkGenerated(version: OdmVersion, validate: Validate): Promise<number> {
  const models = fc.sample(
    fc.oneof(
      fc.tuple(documents(version), clinicalParts(version)),
      fc.tuple(documents(...versions), clinicalParts(...versions)),
    ),
    SAMPLES,
  );
  for (const [document, parts] of models) {
    validate(writeMetadata(document, version).xml);
    validate(await clinicalXml(document, parts, version));
  }
  return models.length;
}

async function clinicalXml(head: OdmDocument, parts: ClinicalPart[], version: OdmVersion): Promise<string> {
  let xml = '';
  for await (const piece of writeClinical(head, parts, version, () => {})) xml += piece;
  return xml;
}

/** Imports, exports and imports again; into another version, the second time round. */
async function checkExample(path: string, validators: Readonly<Record<OdmVersion, Validate>>): Promise<void> {
  const first = await readMetadata([readFileSync(path)]);
  for (const entry of first.unsupported) console.log(`  not carried: ${entry.path} (${entry.reason})`);
  for (const version of versions) {
    let { document } = first;
    for (const round of [1, 2]) {
      const written = writeMetadata(document, version);
      validators[version](written.xml);
      const again = await readMetadata([written.xml]);
      if (written.unsupported.length === 0 && !isDeepStrictEqual(again.document, document)) {
        throw new Error(`${path} does not come back from ODM ${version} as it was.`);
      }
      if (again.unsupported.length > 0 || (round === 2 && written.unsupported.length > 0)) {
        throw new Error(`${path} loses in ODM ${version} what it should keep.`);
      }
      for (const entry of written.unsupported)
        console.log(`  not in ${version}: ${entry.path} (${entry.count})`);
      document = again.document;
    }
  }
}

/** Our own studies are valid documents, and come back as they were. */
async function checkShipped(validators: Readonly<Record<OdmVersion, Validate>>): Promise<void> {
  for (const definition of shippedStudies()) {
    for (const version of versions) {
      const xml = exported(definition, version, true);
      validators[version](xml);
      const { definition: again, unsupported } = await imported(xml);
      if (unsupported.length > 0 || !isDeepStrictEqual(again, definition))
        throw new Error(`${definition.study.oid} does not come back from ODM ${version} as it was.`);
    }
    console.log(`${definition.study.oid} is valid in both versions, and comes back as it was`);
  }
}

/** As a definition, out into its own version and in again: nothing changes. Into the other: what ODM itself has. */
async function checkDefinition(
  path: string,
  validators: Readonly<Record<OdmVersion, Validate>>,
): Promise<void> {
  const { definition, unsupported, version: own } = await imported(readFileSync(path));
  for (const { path: place, reason, count } of unsupported)
    console.log(`  not in a definition: ${place} (${reason}, ${count})`);
  for (const version of versions) {
    const xml = exported(definition, version, version === own);
    validators[version](xml);
    const { definition: again } = await imported(xml);
    const parts =
      version === own ? [again, definition] : [again, definition].map(({ odm: _, ...rest }) => rest);
    if (!isDeepStrictEqual(parts[0], parts[1]))
      throw new Error(`${path} is another definition when it comes back from ODM ${version}.`);
  }
}

function exported(definition: Definition, version: OdmVersion, isWhole: boolean): string {
  const publication = { version: 1, at: '2026-01-31T00:00:00.000Z' };
  const { document, unsupported } = definitionToOdm(definition, version, publication);
  const written = writeMetadata(document, version);
  if (unsupported.length > 0 || (isWhole && written.unsupported.length > 0))
    throw new Error(`${definition.study.oid} loses in ODM ${version} what it should keep.`);
  return written.xml;
}

async function imported(xml: string | Uint8Array) {
  const read = await readMetadata([xml]);
  const result = definitionFromOdm(read);
  if ('faults' in result)
    throw new Error(result.faults.map(({ pointer, message }) => `${pointer}: ${message}`).join('\n'));
  return { ...result, version: read.version };
}

const folder = process.argv[2];
if (folder === undefined) {
  console.error('usage: odm.js FOLDER (with odm-schema and odm-examples)');
  process.exit(2);
}
xmlRegisterFsInputProviders();
const validators = {
  '1.3.2': validator(resolve(folder, schemas['1.3.2'])),
  '2.0': validator(resolve(folder, schemas['2.0'])),
};
for (const version of versions) {
  checkRefusal(version, validators[version]);
  console.log(`${await checkGenerated(version, validators[version])} documents are valid ODM ${version}`);
}
await checkShipped(validators);
await checkExports(versions, (version, xml) => validators[version](xml));
const examples = readdirSync(join(folder, 'odm-examples')).filter((file) => file.endsWith('.xml'));
for (const example of examples) {
  console.log(example);
  await checkExample(join(folder, 'odm-examples', example), validators);
  await checkDefinition(join(folder, 'odm-examples', example), validators);
}
console.log(`${examples.length} examples come back as they were`);
