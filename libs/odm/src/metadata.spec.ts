import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documents } from '../../../test/conformance/odm-models.js';
import type { OdmDocument } from './model.js';
import { readMetadata } from './read-metadata.js';
import type { OdmVersion } from './version.js';
import { writeMetadata } from './write-metadata.js';

const versions: readonly OdmVersion[] = ['1.3.2', '2.0'];

async function through(document: OdmDocument, version: OdmVersion) {
  const written = writeMetadata(document, version);
  const read = await readMetadata([written.xml]);
  return { written, read };
}

describe.each(versions)('metadata written and read in ODM %s', (version) => {
  it('come back as they were, if the version can carry them', async () => {
    await fc.assert(
      fc.asyncProperty(documents(version), async (document) => {
        const { written, read } = await through(document, version);
        expect(written.unsupported).toEqual([]);
        expect(read).toEqual({ version, document, unsupported: [] });
      }),
    );
  });

  it('come back as they were, unless something is listed', async () => {
    await fc.assert(
      fc.asyncProperty(documents(...versions), async (document) => {
        const { written, read } = await through(document, version);
        expect(read.unsupported).toEqual([]);
        if (written.unsupported.length === 0) expect(read.document).toEqual(document);
        else expect(read.document).not.toEqual(document);
      }),
    );
  });

  it('lose nothing more the second time', async () => {
    await fc.assert(
      fc.asyncProperty(documents(...versions), async (document) => {
        const once = await through(document, version);
        const twice = await through(once.read.document, version);
        expect(twice.written).toEqual({ xml: once.written.xml, unsupported: [] });
      }),
    );
  });
});
