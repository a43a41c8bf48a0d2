import { describe, expect, it } from 'vitest';
import { followUp } from './fixtures/follow-up.js';
import type { MetaDataVersion, OdmDocument } from './model.js';
import { readMetadata } from './read-metadata.js';
import { writeMetadata } from './write-metadata.js';

const [study] = followUp.studies;
const [definition] = study!.metaDataVersions;

function changed(change: Partial<MetaDataVersion>): OdmDocument {
  return { ...followUp, studies: [{ ...study!, metaDataVersions: [{ ...definition!, ...change }] }] };
}

function losses(document: OdmDocument, version: '1.3.2' | '2.0') {
  return writeMetadata(document, version).unsupported.map(({ path, reason, count }) => [
    path.replace("/ODM/Study[@OID='ST.FOLLOWUP']/MetaDataVersion[@OID='MDV.1']", ''),
    reason,
    count,
  ]);
}

describe('writing metadata', () => {
  it('names what ODM 2.0 has no place for', () => {
    const [weight, smoker] = definition!.items;
    const items = [
      { ...weight!, measurementUnitOids: ['MU.KG'], significantDigits: 1 },
      { ...smoker!, measurementUnitOids: ['MU.KG'] },
    ];
    const methods = [{ ...definition!.methods[0]!, type: 'Other' as const }];
    expect(losses(changed({ items, methods }), '2.0')).toEqual([
      ["/ItemDef[@OID='I.WEIGHT']/MeasurementUnitRef", 'ODM 2.0 has no place for it', 2],
      ["/ItemDef[@OID='I.WEIGHT']/@SignificantDigits", 'ODM 2.0 has no place for it', 1],
      ["/MethodDef[@OID='M.ROUND']/@Type", 'ODM 2.0 has no such value', 1],
    ]);
  });

  it('names what ODM 1.3.2 has no place for, and what was written instead', () => {
    const [weight, smoker] = definition!.items;
    const items = [
      { ...weight!, dataType: 'float' as const, rangeChecks: [{ values: ['1'] }] },
      { ...smoker!, prompt: { en: 'Smokes' } },
    ];
    const codeLists = [
      {
        ...definition!.codeLists[0]!,
        items: [{ codedValue: 'Y', decode: { en: 'Yes' } }, { codedValue: 'N' }],
      },
      { oid: 'CL.NONE', name: 'Nothing', dataType: 'text' as const },
    ];
    expect(losses(changed({ items, codeLists, description: { en: 'First' } }), '1.3.2')).toEqual([
      ['/@Description', 'it has no room for the language', 1],
      ["/ItemDef[@OID='I.WEIGHT']/@DataType", 'ODM 1.3.2 has no such value; double was written', 1],
      ["/ItemDef[@OID='I.WEIGHT']/RangeCheck/@SoftHard", 'ODM 1.3.2 requires it; Soft was written', 1],
      ["/ItemDef[@OID='I.SMOKER']/Prompt", 'ODM 1.3.2 has no place for it', 1],
      [
        "/CodeList[@OID='CL.YN']/Decode",
        'in ODM 1.3.2 all items have a decode or none; the codes were written as decodes',
        1,
      ],
      [
        "/CodeList[@OID='CL.NONE']/CodeListItem",
        'ODM 1.3.2 has no empty code list; an external one was written',
        1,
      ],
    ]);
  });

  it('puts the study events of groups into the protocol of ODM 1.3.2, each once', async () => {
    const events = (...oids: string[]) => oids.map((studyEventOid) => ({ studyEventOid, mandatory: true }));
    const group = (oid: string, studyEventRefs: ReturnType<typeof events>, within: string) => ({
      oid,
      name: oid,
      studyEventRefs,
      studyEventGroupRefs: [{ studyEventGroupOid: within, mandatory: true }],
    });
    const { xml, unsupported } = writeMetadata(
      changed({
        protocol: { studyEventGroupRefs: [{ studyEventGroupOid: 'G1', mandatory: true }] },
        studyEventGroups: [group('G1', events('A', 'B'), 'G2'), group('G2', events('B', 'C'), 'G1')],
      }),
      '1.3.2',
    );
    const { document } = await readMetadata([xml]);
    expect(document.studies[0]?.metaDataVersions[0]?.protocol?.studyEventRefs).toEqual(events('A', 'B', 'C'));
    expect(unsupported.map(({ element }) => element)).toEqual(['StudyEventGroupDef']);
  });

  it('replaces characters that XML cannot hold, and says so', async () => {
    const items = [{ ...definition!.items[1]!, name: 'a\u0000b\ud800c' }];
    const { xml, unsupported } = writeMetadata(changed({ items }), '1.3.2');
    const { document } = await readMetadata([xml]);
    expect(document.studies[0]?.metaDataVersions[0]?.items[0]?.name).toBe('a\ufffdb\ufffdc');
    expect(unsupported.map(({ element }) => element)).toEqual(['@Name']);
  });

  it('refuses a definition without an OID', () => {
    expect(() => writeMetadata(changed({ oid: '' }), '2.0')).toThrow(/@OID has no valid value/);
  });
});
