import type { Definition, ItemDefinition } from './definition.js';

/** A small definition for the specs of this library, with other items if so wished. */
export function smallStudy(items: ItemDefinition[] = smallItems): Definition {
  return {
    study: { oid: 'S', name: 'Study', description: '' },
    arms: [
      { code: 'A', label: 'Arm A' },
      { code: 'B', label: 'Arm B' },
    ],
    milestones: { inclusion: 'I.DAT', death: 'I.DAT', causeOfDeath: [], lastAlive: [] },
    visits: [
      { oid: 'V1', label: 'First', type: 'scheduled', repeating: false, forms: ['F', 'G'] },
      { oid: 'V2', label: 'Second', type: 'unscheduled', repeating: true, forms: ['G'] },
    ],
    forms: [
      {
        oid: 'F',
        label: 'Form',
        repeating: false,
        groups: [
          { oid: 'IG.F', label: 'Head', repeating: false, items: structuredClone(items) },
          {
            oid: 'IG.TAIL',
            label: 'Tail',
            repeating: false,
            items: [{ oid: 'I.NOTE', label: 'Note', type: 'text', presence: 'optional' }],
          },
          {
            oid: 'IG.ROWS',
            label: 'Rows',
            repeating: true,
            maxRows: 5,
            items: [{ oid: 'I.ROW', label: 'Row', type: 'integer', presence: 'optional' }],
          },
        ],
      },
      {
        oid: 'G',
        label: 'Other form',
        repeating: true,
        groups: [
          {
            oid: 'IG.G',
            label: 'Other',
            repeating: false,
            items: [{ oid: 'I.DAT', label: 'Date', type: 'date', presence: 'mandatory' }],
          },
        ],
      },
    ],
    codeLists: [
      { oid: 'CL.SEX', label: 'Sex', codes: [coded('F', 'Female'), coded('M', 'Male')] },
      {
        oid: 'CL.SEX3',
        label: 'Sex',
        codes: [coded('F', 'Female'), coded('M', 'Male'), coded('U', 'Unknown')],
      },
    ],
    endpoints: [
      {
        oid: 'OS',
        label: 'Overall survival',
        start: { date: 'I.DAT' },
        events: [{ date: 'I.DAT', description: 'Death' }],
        censoring: [{ date: 'I.DAT', description: 'Last known alive' }],
      },
    ],
  };
}

const coded = (code: string, label: string) => ({ code, label });

export const smallItems: ItemDefinition[] = [
  { oid: 'I.SEX', label: 'Sex', type: 'code', codeList: 'CL.SEX', presence: 'mandatory' },
  {
    oid: 'I.WEIGHT',
    label: 'Weight',
    type: 'decimal',
    unit: 'kg',
    range: { soft: { min: 30, max: 250 }, hard: { min: 0 } },
    presence: 'conditional',
  },
  { oid: 'I.NAME', label: 'Name', type: 'text', length: 80, presence: 'optional', identifying: true },
];
