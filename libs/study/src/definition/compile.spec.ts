import { describe, expect, it } from 'vitest';
import { compile } from './compile.js';
import type { Definition } from './definition.js';

const definition: Definition = {
  study: { oid: 'S', name: 'Study', description: '' },
  arms: [{ code: 'A', label: 'Only arm' }],
  milestones: { inclusion: 'I.F.DAT', death: 'I.F.DAT', causeOfDeath: [], lastAlive: [] },
  visits: [{ oid: 'V1', label: 'First', type: 'scheduled', repeating: false, forms: ['G', 'F'] }],
  forms: [
    {
      oid: 'F',
      label: 'Form',
      repeating: false,
      groups: [
        {
          oid: 'IG.F',
          label: 'Head',
          repeating: false,
          items: [
            { oid: 'I.F.DAT', label: 'Date', type: 'date', presence: 'mandatory' },
            { oid: 'I.F.SEX', label: 'Sex', type: 'code', codeList: 'CL.SEX', presence: 'mandatory' },
          ],
        },
        {
          oid: 'IG.F.ROWS',
          label: 'Rows',
          repeating: true,
          items: [{ oid: 'I.F.NOTE', label: 'Note', type: 'text', presence: 'optional' }],
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
          items: [{ oid: 'I.G.N', label: 'Number', type: 'integer', presence: 'optional' }],
        },
      ],
    },
  ],
  codeLists: [
    {
      oid: 'CL.SEX',
      label: 'Sex',
      codes: [
        { code: 'M', label: 'Male' },
        { code: 'F', label: 'Female' },
      ],
    },
  ],
  endpoints: [],
};

describe('compile', () => {
  const study = compile(definition, 3);

  it('keeps the version and the definition', () => {
    expect(study.version).toBe(3);
    expect(study.definition).toEqual(definition);
  });

  it('finds visits with their forms in order', () => {
    expect(study.visit('V1')?.forms.map(({ oid }) => oid)).toEqual(['G', 'F']);
    expect(study.visit('V1')?.forms[1]).toBe(study.form('F'));
  });

  it('finds forms with their groups and items in order', () => {
    expect(study.form('F')?.groups.map(({ oid }) => oid)).toEqual(['IG.F', 'IG.F.ROWS']);
    expect(study.form('F')?.items.map(({ oid }) => oid)).toEqual(['I.F.DAT', 'I.F.SEX', 'I.F.NOTE']);
    expect(study.group('IG.F')?.items[1]).toBe(study.item('I.F.SEX'));
  });

  it('finds an item with its form, its group and its codes', () => {
    expect(study.item('I.F.NOTE')).toMatchObject({ formOid: 'F', groupOid: 'IG.F.ROWS' });
    expect([...(study.item('I.F.SEX')?.codes ?? [])]).toEqual([
      ['M', 'Male'],
      ['F', 'Female'],
    ]);
    expect(study.item('I.F.NOTE')?.codes).toBeUndefined();
  });

  it('finds nothing under other names', () => {
    for (const oid of ['X', '__proto__', 'constructor', ''])
      expect([study.visit(oid), study.form(oid), study.group(oid), study.item(oid)]).toEqual(
        Array(4).fill(undefined),
      );
  });

  it('is frozen throughout and leaves its source alone', () => {
    const parts = [study, study.definition, study.definition.visits[0], study.visit('V1')?.forms];
    for (const part of [...parts, study.form('F')?.items, study.item('I.F.SEX'), study.group('IG.G')])
      expect(Object.isFrozen(part)).toBe(true);
    expect(Object.isFrozen(definition.forms)).toBe(false);
  });
});

describe('the expressions', () => {
  const expressed: Definition = {
    ...definition,
    forms: [
      ...definition.forms,
      {
        oid: 'H',
        label: 'Identity',
        repeating: false,
        groups: [
          {
            oid: 'IG.H',
            label: 'Identity',
            repeating: false,
            items: [
              { oid: 'I.H.BORN', label: 'Born', type: 'date', presence: 'optional', identifying: true },
              { oid: 'I.H.SUM', label: 'Sum', type: 'integer', presence: 'optional', derived: true },
            ],
          },
        ],
      },
    ],
    visits: [
      ...definition.visits,
      { oid: 'V2', label: 'Second', type: 'scheduled', repeating: false, forms: ['H'] },
    ],
    derivations: [{ item: 'I.H.SUM', expression: "latest('G').N + 1" }],
    checks: [
      {
        oid: 'C',
        forms: ['H'],
        level: 'soft',
        when: 'SUM > 3 && has(BORN)',
        text: 'Is it {SUM}?',
        items: ['I.H.SUM'],
      },
    ],
  };
  const { expressions } = compile(expressed, 1);

  it('need a key where a change can reach one that reads what identifies, through derived items too', () => {
    expect(['F', 'G', 'H'].map((form) => expressions.mayReadIdentity(form))).toEqual([false, true, true]);
    expect(compile(definition, 1).expressions.mayReadIdentity()).toBe(false);
  });

  it('are not compiled of a definition with faults', () => {
    expect(() =>
      compile({ ...expressed, derivations: [{ item: 'I.H.SUM', expression: 'NONE' }] }, 1),
    ).toThrow('do not compile');
  });
});
