import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clinicalParts } from '../../../test/conformance/odm-clinical-models.js';
import { documents } from '../../../test/conformance/odm-models.js';
import type { ClinicalPart } from './clinical.js';
import type { OdmDocument } from './model.js';
import { type ClinicalRead, readClinical } from './read-clinical.js';
import type { Unsupported } from './unsupported.js';
import type { OdmVersion } from './version.js';
import { writeClinical } from './write-clinical.js';

const versions: readonly OdmVersion[] = ['1.3.2', '2.0'];

async function write(head: OdmDocument, parts: ClinicalPart[], version: OdmVersion) {
  let unsupported: Unsupported[] = [];
  let xml = '';
  for await (const piece of writeClinical(head, parts, version, (list) => {
    unsupported = list;
  })) {
    xml += piece;
  }
  return { xml, unsupported };
}

async function read(xml: string) {
  const parts: ClinicalRead[] = [];
  for await (const part of readClinical([xml])) parts.push(part);
  return parts;
}

const isClinical = (part: ClinicalRead): part is ClinicalPart => part.kind !== 'head' && part.kind !== 'end';

describe.each(versions)('clinical data written and read in ODM %s', (version) => {
  it('come back as they were, if the version can carry them', async () => {
    await fc.assert(
      fc.asyncProperty(documents(version), clinicalParts(version), async (document, parts) => {
        const written = await write(document, parts, version);
        expect(written.unsupported).toEqual([]);
        expect(await read(written.xml)).toEqual([
          { kind: 'head', version, document },
          ...parts,
          { kind: 'end', unsupported: [] },
        ]);
      }),
      { numRuns: 30 },
    );
  });

  it('come back as they were, unless something is listed, and lose nothing more the second time', async () => {
    const head = {
      file: { fileOid: 'F', fileType: 'Snapshot', creationDateTime: '2026-01-31T00:00:00Z' },
      studies: [],
      adminData: [],
    } satisfies OdmDocument;
    await fc.assert(
      fc.asyncProperty(clinicalParts(...versions), async (parts) => {
        const once = await write(head, parts, version);
        const back = (await read(once.xml)).filter(isClinical);
        if (once.unsupported.length === 0) expect(back).toEqual(parts);
        else expect(back).not.toEqual(parts);
        expect(await write(head, back, version)).toEqual({ xml: once.xml, unsupported: [] });
      }),
      { numRuns: 30 },
    );
  });
});
