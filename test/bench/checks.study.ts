import type { Definition } from '#study';

/** Of the form, in one group. */
export const ITEMS = 30;

/** A study of one form with so many checks, each of two of its items. */
export function benchStudy(oid: string, checks: number, items = ITEMS): Definition {
  const name = (i: number) => `I.F.N${i}`;
  return {
    study: { oid, name: 'Bench', description: '' },
    arms: [],
    milestones: { causeOfDeath: [], lastAlive: [] },
    visits: [{ oid: 'V', label: 'Visit', type: 'scheduled', repeating: false, forms: ['F'] }],
    forms: [
      {
        oid: 'F',
        label: 'Form',
        repeating: false,
        groups: [
          {
            oid: 'IG.F',
            label: 'Form',
            repeating: false,
            items: Array.from({ length: items }, (_, i) => ({
              oid: name(i),
              label: `Number ${i}`,
              type: 'integer' as const,
              presence: 'mandatory' as const,
              range: { soft: { min: 0, max: 1000 } },
            })),
          },
        ],
      },
    ],
    codeLists: [],
    endpoints: [],
    checks: Array.from({ length: checks }, (_, i) => ({
      oid: `C${i}`,
      forms: ['F'],
      level: 'soft' as const,
      when: `N${i % ITEMS} > N${(i + 1) % ITEMS}`,
      text: 'Not so.',
      items: [name(i % ITEMS), name((i + 1) % ITEMS)],
    })),
  };
}

/** So many subjects with the form filled in, as ODM 1.3.2. */
export function clinicalDocument(study: string, file: string, subjects: number): string {
  const items = Array.from(
    { length: ITEMS },
    (_, i) => `\n          <ItemData ItemOID="I.F.N${i}" Value="400"/>`,
  );
  const subject = (i: number) => `
    <SubjectData SubjectKey="S${i}">
      <StudyEventData StudyEventOID="V"><FormData FormOID="F"><ItemGroupData ItemGroupOID="IG.F">${items.join('')}
      </ItemGroupData></FormData></StudyEventData>
    </SubjectData>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" ODMVersion="1.3.2" FileType="Snapshot" FileOID="${file}" CreationDateTime="2026-02-01T12:00:00Z">
  <ClinicalData StudyOID="${study}" MetaDataVersionOID="MDV.1">${Array.from({ length: subjects }, (_, i) => subject(i)).join('')}
  </ClinicalData>
</ODM>
`;
}
