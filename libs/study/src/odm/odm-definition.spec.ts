import { describe, expect, it } from 'vitest';
import {
  type ItemDef,
  type MetaDataVersion,
  type OdmVersion,
  readMetadata,
  type Study,
  writeMetadata,
} from '#odm';
import type { Definition } from '../definition/definition.js';
import { validateDefinition } from '../definition/validate.js';
import { shippedStudies } from '../shipped.js';
import { definitionFromOdm, definitionToOdm, odmOidsOf } from './odm-definition.js';

const file = { fileOid: 'F', fileType: 'Snapshot', creationDateTime: '2026-01-31T00:00:00Z' } as const;
const publication = { version: 1, at: '2026-01-31T00:00:00.000Z' };

const ref = (itemOid: string, more: object = {}) => ({ itemOid, mandatory: false, ...more });

/** A study of one visit and one form with one group of the items. */
function studyOf(items: ItemDef[], parts: Partial<MetaDataVersion> = {}, more: Partial<Study> = {}): Study {
  return {
    oid: 'S',
    name: 'Study',
    protocolName: 'P',
    ...more,
    metaDataVersions: [
      {
        oid: 'v1',
        name: 'First',
        studyEvents: [
          {
            oid: 'SE',
            name: 'Visit',
            repeating: false,
            type: 'Scheduled',
            formRefs: [{ formOid: 'F', mandatory: true }],
          },
        ],
        forms: [
          {
            oid: 'F',
            name: 'Form',
            repeating: 'No',
            itemGroupRefs: [{ itemGroupOid: 'IG', mandatory: true }],
          },
        ],
        itemGroups: [
          { oid: 'IG', name: 'Group', repeating: 'No', itemRefs: items.map(({ oid }) => ref(oid)) },
        ],
        items,
        codeLists: [],
        conditions: [],
        methods: [],
        ...parts,
      },
    ],
  };
}

const text = (oid: string, more: Partial<ItemDef> = {}): ItemDef => ({
  oid,
  name: oid,
  dataType: 'text',
  ...more,
});

function imported(study: Study, version: OdmVersion = '1.3.2') {
  const result = definitionFromOdm({ version, document: { file, studies: [study], adminData: [] } });
  if ('faults' in result) throw new Error(JSON.stringify(result.faults));
  return result;
}

const exported = (definition: Definition, version: OdmVersion = '1.3.2') =>
  definitionToOdm(definition, version, publication);

const itemsOf = ({ forms }: Definition) =>
  forms.flatMap(({ groups }) => groups.flatMap(({ items }) => items));

/** How one item of the study is understood, and what is noted of it. */
function understood(item: Partial<ItemDef>, parts: Partial<MetaDataVersion> = {}) {
  const { definition, unsupported } = imported(studyOf([text('I', item)], parts));
  return { ...itemsOf(definition)[0]!, notes: unsupported.map(({ element }) => element) };
}

describe('a definition of ours', () => {
  it.each(['1.3.2', '2.0'] as const)('says in ODM %s all that it says', async (version) => {
    for (const definition of shippedStudies()) {
      const { document, unsupported } = definitionToOdm(definition, version, { ...publication, version: 3 });
      const written = writeMetadata(document, version);
      expect([unsupported, written.unsupported]).toEqual([[], []]);
      expect(definitionFromOdm(await readMetadata([written.xml]))).toEqual({ definition, unsupported: [] });
    }
  });

  it('keeps its OIDs though elements of two kinds have the same', () => {
    const [sinet] = shippedStudies();
    const { visits, forms } = sinet!;
    const definition = { ...sinet!, visits: [{ ...visits[0]!, oid: forms[0]!.oid }, ...visits.slice(1)] };
    const { document } = exported(definition);
    const { studyEvents, forms: formDefs } = document.studies[0]!.metaDataVersions[0]!;
    expect(studyEvents[0]!.oid).not.toBe(formDefs[0]!.oid);
    expect(imported(document.studies[0]!).definition).toEqual(definition);
  });
});

describe('an item of ODM', () => {
  const check = (
    comparator: 'GE' | 'LT' | 'GT' | 'IN',
    value: string,
    softHard: 'Soft' | 'Hard' = 'Hard',
  ) => ({
    comparator,
    softHard,
    values: [value],
  });

  it('has its label from the question, of several languages an English one', () => {
    expect(understood({ question: { de: 'Wie?', 'en-GB': 'How?' } }).label).toBe('How?');
    expect(understood({ description: { fr: 'Nom' } }).label).toBe('Nom');
    expect(understood({ name: ' a\n name ' }).label).toBe('a name');
    const long = understood({ question: { '': 'x'.repeat(201) } });
    expect([long.label.length, long.notes]).toEqual([200, ['TranslatedText']]);
  });

  it.each([
    ['string', 'text', []],
    ['integer', 'integer', []],
    ['double', 'decimal', []],
    ['partialDate', 'partialDate', []],
    ['datetime', 'text', ['@DataType']],
  ] as const)('of type %s is %s', (dataType, type, notes) => {
    expect(understood({ dataType })).toMatchObject({ type, notes });
  });

  it('has as much room as it says, and much where it says nothing', () => {
    expect(understood({ length: 20 }).length).toBe(20);
    expect(understood({ length: 200 }).length).toBeUndefined();
    expect(understood({}).length).toBe(4000);
    expect(understood({ length: 9999 })).toMatchObject({ length: 4000, notes: ['@Length'] });
  });

  it('has the ranges that its checks give, whole numbers exactly', () => {
    expect(
      understood({
        dataType: 'integer',
        rangeChecks: [check('GT', '2'), check('GE', '1'), check('LT', '9'), check('GE', '5', 'Soft')],
      }),
    ).toMatchObject({ range: { hard: { min: 3, max: 8 }, soft: { min: 5 } }, notes: [] });
    expect(understood({ dataType: 'decimal', rangeChecks: [check('LT', '9')] })).toMatchObject({
      range: { hard: { max: 9 } },
      notes: ['@Comparator'],
    });
    const other = understood({ dataType: 'decimal', rangeChecks: [check('IN', '1'), check('GE', 'one')] });
    expect(other).toMatchObject({ notes: ['RangeCheck'] });
    expect(other.range).toBeUndefined();
  });

  it('is a yes or no of a code list of its own', () => {
    const { definition } = imported(studyOf([text('I', { dataType: 'boolean' })]));
    expect(itemsOf(definition)[0]).toMatchObject({ type: 'code', codeList: 'BOOLEAN' });
    expect(definition.codeLists[0]!.codes.map(({ code }) => code)).toEqual(['true', 'false']);
  });

  it('is text where its code list is not in the document', () => {
    const external = {
      oid: 'CL',
      name: 'MedDRA',
      dataType: 'text',
      external: { dictionary: 'MedDRA' },
    } as const;
    const item = understood({ codeListOid: 'CL' }, { codeLists: [external] });
    expect(item).toMatchObject({ type: 'text', notes: ['ExternalCodeList'] });
  });
});

describe('a study from elsewhere', () => {
  const strange = studyOf([text('1st item', { origin: 'diary' }), text('constructor')], {
    methods: [{ oid: 'M', name: 'M', description: { '': 'm' }, formalExpressions: [{ code: '1' }] }],
  });

  it('keeps what a definition has no place for, and gives it back', () => {
    const { definition } = imported(strange);
    expect(exported(definition).document.studies).toEqual([strange]);
    expect(imported(exported(definition).document.studies[0]!).definition).toEqual(definition);
  });

  it('is called by OIDs that are some here, each of them noted', () => {
    const { definition, unsupported } = imported(strange);
    expect(itemsOf(definition).map(({ oid }) => oid)).toEqual(['X1st_item', 'constructor_2']);
    expect(unsupported).toContainEqual({
      path: "/ODM/Study[@OID='S']/MetaDataVersion[@OID='v1']/ItemDef[@OID='1st item']/@OID",
      element: '@OID',
      reason: 'called X1st_item here',
      count: 1,
    });
    expect(odmOidsOf(definition, 1).oids.item.get('X1st_item')).toBe('1st item');
  });

  it('has an element anew for each place in which ODM uses it', () => {
    const shared = studyOf([text('I')], {
      forms: ['F', 'G'].map((oid) => ({
        oid,
        name: oid,
        repeating: 'No',
        itemGroupRefs: [{ itemGroupOid: 'IG', mandatory: true }],
      })),
    });
    const { definition } = imported(shared);
    expect(definition.forms.map(({ groups }) => groups[0]!.oid)).toEqual(['IG', 'IG_2']);
    expect(itemsOf(definition).map(({ oid }) => oid)).toEqual(['I', 'I_2']);
    expect(exported(definition).document.studies).toEqual([shared]);
  });

  it('takes later changes, and loses nothing else by them', () => {
    const { definition } = imported(strange);
    const changed = structuredClone(definition);
    const [group] = changed.forms[0]!.groups;
    group!.items[0]!.label = 'First';
    group!.items.push({ oid: 'NEW', label: 'New', type: 'integer', presence: 'optional' });
    const { document, unsupported } = exported(changed);
    const [metadata] = document.studies[0]!.metaDataVersions;
    expect(metadata!.items).toEqual([
      expect.objectContaining({ oid: '1st item', name: 'First', origin: 'diary' }),
      expect.objectContaining({ oid: 'constructor' }),
      expect.objectContaining({ oid: 'NEW', dataType: 'integer' }),
    ]);
    expect(metadata!.methods).toEqual(strange.metaDataVersions[0]!.methods);
    expect(unsupported).toEqual([]);
  });

  it('lists what the document cannot say of later changes', () => {
    const shared = studyOf([text('I')], {
      forms: ['F', 'G'].map((oid) => ({
        oid,
        name: oid,
        repeating: 'No',
        itemGroupRefs: [{ itemGroupOid: 'IG', mandatory: true }],
      })),
    });
    const changed = structuredClone(imported(shared).definition);
    changed.forms[1]!.groups[0]!.items[0]!.label = 'Only here';
    expect(exported(changed).unsupported).toMatchObject([{ path: '/items/I_2/label', element: 'label' }]);
  });

  it('goes out in the other version with its units', () => {
    const weight = text('W', { dataType: 'decimal', measurementUnitOids: ['MU'] });
    const units = { measurementUnits: [{ oid: 'MU', name: 'kilogram', symbol: { '': 'kg' } }] };
    const { definition } = imported(studyOf([weight], {}, units));
    const [study] = exported(definition, '2.0').document.studies;
    expect(itemsOf(imported(study!, '2.0').definition)[0]).toMatchObject({ unit: 'kg' });
  });

  it('has the groups within groups, and a form’s own items, as groups of the form (ODM 2.0)', () => {
    const study = studyOf([text('A'), text('B')], {
      forms: [
        {
          oid: 'F',
          name: 'Form',
          repeating: 'No',
          itemRefs: [ref('A')],
          itemGroupRefs: [{ itemGroupOid: 'OUTER', mandatory: true }],
        },
      ],
      itemGroups: [
        {
          oid: 'OUTER',
          name: 'Outer',
          repeating: 'No',
          itemGroupRefs: [{ itemGroupOid: 'INNER', mandatory: true }],
        },
        { oid: 'INNER', name: 'Inner', repeating: 'Simple', repeatingLimit: 5, itemRefs: [ref('B')] },
      ],
    });
    const { definition } = imported(study, '2.0');
    expect(definition.forms[0]!.groups).toMatchObject([
      { oid: 'F.ITEMS', repeating: false, items: [{ oid: 'A' }] },
      { oid: 'INNER', repeating: true, maxRows: 5, items: [{ oid: 'B' }] },
    ]);
    expect(exported(definition, '2.0').document.studies).toEqual([study]);
  });

  it.each([{}, { oid: 'S', metaDataVersions: [] }, { ...studyOf([text('I')]), name: 5 }])(
    'is nothing that only claims to be one: %#',
    (study) => {
      const { definition } = imported(strange);
      expect(validateDefinition({ ...definition, odm: { version: '1.3.2', study } })).toMatchObject({
        faults: [{ pointer: '/odm/study', code: 'invalid' }],
      });
      expect(validateDefinition(definition)).toEqual({ definition });
    },
  );

  it('has faults with their places', () => {
    const circle = {
      oid: 'IG',
      name: 'G',
      repeating: 'No' as const,
      itemGroupRefs: [{ itemGroupOid: 'IG', mandatory: true }],
      itemRefs: [ref('GONE')],
    };
    const studies = [studyOf([text('I')], { itemGroups: [circle] })];
    const result = definitionFromOdm({ version: '2.0', document: { file, studies, adminData: [] } });
    expect('faults' in result && result.faults.map(({ pointer, code }) => [pointer, code])).toEqual([
      ["/ODM/Study[@OID='S']/MetaDataVersion[@OID='v1']/ItemGroupDef[@OID='IG']/ItemRef", 'dangling'],
      ["/ODM/Study[@OID='S']/MetaDataVersion[@OID='v1']/ItemGroupDef[@OID='IG']/ItemGroupRef", 'circle'],
    ]);
    expect(
      definitionFromOdm({ version: '2.0', document: { file, studies: [], adminData: [] } }),
    ).toMatchObject({
      faults: [{ pointer: '/ODM/Study', code: 'missing' }],
    });
  });

  it('is the first study and the last version of the document; the others are noted', () => {
    const study = strange.metaDataVersions[0]!;
    const twice = { ...strange, metaDataVersions: [{ ...study, oid: 'v0' }, study] };
    const document = {
      file,
      studies: [twice, { ...strange, oid: 'T' }],
      adminData: [{ users: [{ oid: 'U' }] }],
    };
    const result = definitionFromOdm({ version: '1.3.2', document });
    expect('unsupported' in result && result.unsupported.map(({ element }) => element)).toEqual(
      expect.arrayContaining(['AdminData', 'Study', 'MetaDataVersion']),
    );
    expect('definition' in result && result.definition).toEqual(imported(strange).definition);
  });
});
