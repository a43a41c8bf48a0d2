import { describe, expect, it } from 'vitest';
import { Problem } from '#problem';
import type { ClinicalPart, Query } from './clinical.js';
import { defaultLimits } from './limits.js';
import { type ClinicalRead, readClinical } from './read-clinical.js';
import { writeClinical } from './write-clinical.js';

const file = {
  fileOid: 'F',
  fileType: 'Transactional',
  creationDateTime: '2026-01-31T08:00:00Z',
} as const;
const head = { file, studies: [], adminData: [] };
const begin = { kind: 'clinicalData', studyOid: 'S', metaDataVersionOid: 'V' } as const;

function document(content: string): string {
  return (
    '<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" FileType="Transactional" FileOID="F" ' +
    `CreationDateTime="2026-01-31T08:00:00Z"><ClinicalData StudyOID="S" MetaDataVersionOID="V">${content}` +
    '</ClinicalData></ODM>'
  );
}

async function all(source: Iterable<string>, limits = defaultLimits): Promise<ClinicalRead[]> {
  const parts: ClinicalRead[] = [];
  for await (const part of readClinical(source, limits)) parts.push(part);
  return parts;
}

describe('reading clinical data', () => {
  it('gives typed items with what they refer to', async () => {
    const parts = await all([
      document(
        '<SubjectData SubjectKey="1"><StudyEventData StudyEventOID="SE"><FormData FormOID="F">' +
          '<ItemGroupData ItemGroupOID="IG"><ItemDataDate ItemOID="I" AuditRecordID="A1">2026-01-31</ItemDataDate>' +
          '<ItemDataAny ItemOID="J" IsNull="Yes"/></ItemGroupData></FormData></StudyEventData></SubjectData>' +
          '<AuditRecords><AuditRecord ID="A1"><UserRef UserOID="U"/><LocationRef LocationOID="L"/>' +
          '<DateTimeStamp>2026-01-31T07:00:00Z</DateTimeStamp></AuditRecord></AuditRecords>',
      ),
    ]);
    const items = [
      { itemOid: 'I', typed: 'Date', auditRecordId: 'A1', values: ['2026-01-31'] },
      { itemOid: 'J', typed: 'Any', isNull: true },
    ];
    const forms = [{ formOid: 'F', itemGroups: [{ itemGroupOid: 'IG', items }] }];
    expect(parts).toEqual([
      { kind: 'head', version: '1.3.2', document: head },
      begin,
      { kind: 'subject', subject: { subjectKey: '1', studyEvents: [{ studyEventOid: 'SE', forms }] } },
      {
        kind: 'auditRecord',
        auditRecord: { id: 'A1', userOid: 'U', locationOid: 'L', dateTimeStamp: '2026-01-31T07:00:00Z' },
      },
      { kind: 'end', unsupported: [] },
    ]);
  });

  it('gives a subject before the next one is read', async () => {
    let read = 0;
    function* subjects() {
      const [start, end] = document('|').split('|');
      yield start!;
      for (; read < 3; read++) yield `<SubjectData SubjectKey="${read}"/>`;
      yield end!;
    }
    for await (const part of readClinical(subjects())) {
      if (part.kind === 'subject') expect(part.subject.subjectKey).toBe(String(read));
    }
    expect(read).toBe(3);
  });

  it('counts its limits anew for each subject', async () => {
    const subject =
      '<SubjectData SubjectKey="1"><StudyEventData StudyEventOID="A"/><StudyEventData StudyEventOID="B"/></SubjectData>';
    const limits = { depth: 64, token: 1000, definitions: 0, elements: 6 };
    const parts = await all([document(subject.repeat(10))], limits);
    expect(parts.filter(({ kind }) => kind === 'subject')).toHaveLength(10);
    await expect(all([document(subject)], { ...limits, elements: 4 })).rejects.toThrow(
      /more than 4 elements/,
    );
  });

  it('refuses a fault with its place, after the parts before it', async () => {
    const read: string[] = [];
    const reading = async () => {
      for await (const { kind } of readClinical([
        document('<SubjectData SubjectKey="1"/>').replace('</ClinicalData></ODM>', ''),
        '<SubjectData SubjectKey=""/></ClinicalData></ODM>',
      ])) {
        read.push(kind);
      }
    };
    const error = await reading().catch((thrown: unknown) => thrown);
    expect(read).toEqual(['head', 'clinicalData', 'subject']);
    expect(error).toBeInstanceOf(Problem);
    expect((error as Problem).code).toBe('invalid-value');
    expect((error as Problem).details.errors?.[0]?.pointer).toMatch(
      /^\/ODM\/ClinicalData\[@StudyOID='S'\]\/SubjectData\[@SubjectKey=''\]\/@SubjectKey at 1:\d+$/,
    );
  });
});

describe('writing clinical data', () => {
  const subject = { kind: 'subject', subject: { subjectKey: '1' } } as const;

  it.each([
    ['a subject without a study', [subject]],
    [
      'a subject after the records',
      [begin, { kind: 'annotation', annotation: { seqNum: 1 } } as const, subject],
    ],
  ])('refuses %s', async (_, parts) => {
    const pieces = writeClinical(head, parts, '1.3.2', () => {});
    await expect(
      (async () => {
        for await (const _ of pieces);
      })(),
    ).rejects.toThrow(/cannot stand here/);
  });

  it('carries a query of ODM 2.0 as an annotation of ODM 1.3.2', async () => {
    const query: Query = {
      oid: 'Q1',
      source: 'Data Management',
      state: 'Open',
      lastUpdate: '2026-01-31T07:00:00Z',
      text: 'Please check',
    };
    let xml = '';
    const parts: ClinicalPart[] = [
      begin,
      { kind: 'subject', subject: { subjectKey: '1', queries: [query] } },
    ];
    for await (const piece of writeClinical(head, parts, '1.3.2', () => {})) xml += piece;
    expect(xml).toContain('<Comment>Please check</Comment>');
    expect(xml).toContain('<FlagValue CodeListOID="ODM.QUERY.State">Open</FlagValue>');
    expect((await all([xml]))[2]).toEqual({
      kind: 'subject',
      subject: { subjectKey: '1', queries: [query] },
    });
  });
});
