import { describe, expect, it } from 'vitest';
import { definitionFromOdm, definitionToOdm } from '../odm/odm-definition.js';
import { compile } from './compile.js';
import { conditionsOf } from './conditions.js';
import type { Definition, ItemDefinition } from './definition.js';
import { smallItems, smallStudy } from './definition.spec-kit.js';
import { diffDefinitions } from './diff.js';
import { validateDefinition } from './validate.js';

/** The weight is asked for of women only; another item, and constants, if so wished. */
function studyWith(weight: Partial<ItemDefinition> = {}, more: Partial<Definition> = {}): Definition {
  const items = structuredClone(smallItems);
  Object.assign(items[1]!, { showIf: "SEX == 'F'", ...weight });
  return { ...smallStudy(items), ...more };
}

/** The item of a row is asked for under a condition; the row has another one. */
function studyWithRows(showIf: string): Definition {
  const definition = smallStudy();
  const { items } = definition.forms[0]!.groups[2]!;
  Object.assign(items[0]!, { showIf, presence: 'conditional' });
  items.push({ oid: 'I.TOLD', label: 'Told', type: 'text', presence: 'optional' });
  return definition;
}

const faultsOf = (definition: Definition) => {
  const result = validateDefinition(definition);
  return 'faults' in result ? result.faults.map(({ pointer, code }) => `${pointer} ${code}`) : [];
};

const SHOW_IF = '/forms/0/groups/0/items/1/showIf';
const IN_ROWS = '/forms/0/groups/2/items/0/showIf';

describe('a condition of an item', () => {
  it('requires what is conditional and can be entered', () => {
    const required = (item: Partial<ItemDefinition>) =>
      conditionsOf(studyWith(item)).map(({ condition }) => condition.required);
    expect(required({})).toEqual([true]);
    expect(required({ presence: 'optional' })).toEqual([false]);
    expect(required({ hiddenFrom: ['investigator'] })).toEqual([false]);
  });

  it('is known as checks of the form', () => {
    const { expressions } = compile(studyWith(), 1);
    expect(expressions.hasCheck('due:I.WEIGHT', 'F')).toBe(true);
    expect(expressions.hasCheck('surplus:I.WEIGHT', 'F')).toBe(true);
    expect(expressions.hasCheck('due:I.WEIGHT', 'G')).toBe(false);
  });

  it.each<[string, Partial<ItemDefinition>, string]>([
    ['is compiled', { showIf: 'SEXE == 1' }, `${SHOW_IF} unknown-name`],
    ['is not empty', { showIf: '' }, `${SHOW_IF} invalid`],
    ['is not one of a mandatory item', { presence: 'mandatory' }, `${SHOW_IF} not-applicable`],
    ['is not one of a derived item', { derived: true }, `${SHOW_IF} not-applicable`],
  ])('%s', (_, item, fault) => {
    expect(faultsOf(studyWith(item))).toContain(fault);
  });

  it('may be one of an item in rows, over the row and the form', () => {
    expect(faultsOf(studyWithRows("TOLD && SEX == 'F'"))).toEqual([`${IN_ROWS} wrong-type`]);
    expect(faultsOf(studyWithRows("has(TOLD) && SEX == 'F'"))).toEqual([]);
    const { expressions } = compile(studyWithRows("has(TOLD) && SEX == 'F'"), 1);
    expect(expressions.hasCheck('due:I.ROW', 'F')).toBe(true);
  });

  it('changes what is asked of forms that were entered', () => {
    const changes = (before: Definition, after: Definition) =>
      diffDefinitions(before, after).map(({ path, verdict }) => `${path} ${verdict}`);
    const other = studyWith({ showIf: "SEX == 'M'" });
    const without = smallStudy();
    expect(changes(studyWith(), other)).toEqual(['/items/I.WEIGHT/showIf needs-mapping']);
    expect(changes(studyWith(), without)).toEqual(['/items/I.WEIGHT/showIf safe']);
  });
});

describe('constants', () => {
  const constants = { LIMIT: 3, OPENED: '2024-01-15', STRICT: true, HEAD: 'a' };

  it.each<[string, unknown, string]>([
    ['NO NAME', 1, '/constants invalid'],
    ['LIST', [1], '/constants/LIST wrong-type'],
    ['NUL', 'a\u0000', '/constants/NUL invalid'],
    ['today', '2024-01-01', '/constants/today reserved'],
    ['SEX', 'F', '/constants/SEX duplicate'],
  ])('are judged: %s', (name, value, fault) => {
    expect(
      faultsOf(studyWith({}, { constants: { [name]: value } as Definition['constants'] & object })),
    ).toContain(fault);
  });

  it('are read by conditions, checks and derivations alike', () => {
    expect(
      faultsOf(studyWith({ showIf: "SEX == 'F' && after(latest('G').DAT, OPENED)" }, { constants })),
    ).toEqual([]);
    expect(faultsOf(studyWith({ showIf: 'LIMIT' }, { constants }))).toEqual([`${SHOW_IF} wrong-type`]);
  });

  it('differ one by one', () => {
    const { HEAD: _, ...rest } = constants;
    const after = { ...rest, LIMIT: 4, MORE: 1 };
    expect(
      diffDefinitions(studyWith({}, { constants }), studyWith({}, { constants: after })).map(
        ({ path, kind, verdict }) => `${path} ${kind} ${verdict}`,
      ),
    ).toEqual([
      '/constants/HEAD removed safe',
      '/constants/LIMIT/value value needs-mapping',
      '/constants/MORE added safe',
    ]);
  });
});

describe.each(['1.3.2', '2.0'] as const)('as ODM %s', (version) => {
  const definition = studyWith({}, { constants: { LIMIT: 3, OPENED: '2024-01-15', STRICT: false } });
  const { document, unsupported } = definitionToOdm(definition, version, {
    version: 1,
    at: '2026-01-31T00:00:00.000Z',
  });

  it('a condition is the exception under which the item is not collected', () => {
    const [metadata] = document.studies[0]!.metaDataVersions;
    const ref = metadata!.itemGroups[0]!.itemRefs![1]!;
    expect(ref).toMatchObject({ mandatory: true, collectionExceptionConditionOid: 'IF.I.WEIGHT' });
    expect(metadata!.conditions).toMatchObject([
      { oid: 'IF.I.WEIGHT', formalExpressions: [{ context: 'CEL', code: "!(SEX == 'F')" }] },
    ]);
  });

  it('nothing is lost there and back', () => {
    const back = definitionFromOdm({ version, document });
    expect(back).toEqual({ definition, unsupported: [] });
    expect(unsupported).toEqual([]);
  });

  it('nothing is lost of one of an item in rows', () => {
    const rows = studyWithRows("has(TOLD) && SEX == 'F'");
    const out = definitionToOdm(rows, version, { version: 1, at: '2026-01-31T00:00:00.000Z' });
    expect(definitionFromOdm({ version, document: out.document })).toEqual({
      definition: rows,
      unsupported: [],
    });
  });

  it('a condition that is changed goes out changed', () => {
    const after = studyWith({ showIf: "SEX == 'M'", presence: 'optional' });
    const { document: changed } = definitionToOdm(after, version, {
      version: 2,
      at: '2026-01-31T00:00:00.000Z',
    });
    expect(definitionFromOdm({ version, document: changed })).toEqual({ definition: after, unsupported: [] });
  });
});
