import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shippedStudies } from '../shipped.js';
import { validateDefinition } from './validate.js';

type Node = Record<string, unknown>;

/** The shipped study with values put at (or, undefined, taken from) places of a JSON Pointer each. */
function studyWith(changes: Record<string, unknown>): unknown {
  const study = structuredClone(shippedStudies()[0]);
  for (const [pointer, value] of Object.entries(changes)) {
    const path = pointer.slice(1).split('/');
    const last = path.pop() ?? '';
    const parent = path.reduce((node, token) => node[token] as Node, study as unknown as Node);
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  }
  return study;
}

function faultsOf(input: unknown): string[] {
  const result = validateDefinition(input);
  return 'faults' in result ? result.faults.map(({ pointer, code }) => `${pointer} ${code}`) : [];
}

const AGE = '/forms/0/groups/0/items/7';
const SEX = '/forms/0/groups/0/items/8';

describe('validateDefinition', () => {
  it('hands back a sound definition', () => {
    const study = studyWith({});
    expect(validateDefinition(study)).toEqual({ definition: study });
  });

  it.each([
    ['/colour', 'red', 'unknown-property'],
    ['/forms/0/groups/0/items/0/mandatory', true, 'unknown-property'],
    ['/endpoints', undefined, 'missing'],
    [`${AGE}/presence`, undefined, 'missing'],
    ['/study/name', 5, 'wrong-type'],
    ['/study/name', '', 'invalid'],
    ['/study/name', 'a\u0000b', 'invalid'],
    ['/study/description', 'lone \ud800 surrogate', 'invalid'],
    ['/codeLists/0/codes/0/code', ' N', 'invalid'],
    ['/visits/0/type', 'planned', 'invalid'],
    ['/visits/0/target/before', -1, 'invalid'],
    [`${AGE}/hiddenFrom`, ['investigater'], 'invalid', `${AGE}/hiddenFrom/0`],
    [`${AGE}/range/hard`, {}, 'invalid'],
    ['/endpoints/0/horizon/years', 2.5, 'wrong-type'],
    ['/endpoints/0/horizon', {}, 'invalid'],
    ['/endpoints/0/start', undefined, 'missing'],
    ['/endpoints/0/events', [], 'invalid'],
    ['/queries/answerWithinDays', -1, 'invalid'],
    ['/queries/closeWithinDays', 1.5, 'wrong-type'],
    ['/queries/closeWithin', 3, 'unknown-property'],
    ['/endpoints/0/events/0/description', undefined, 'missing'],
  ])('judges the shape: %s = %j is %s', (pointer, value, code, place = pointer) => {
    expect(faultsOf(studyWith({ [pointer]: value }))).toEqual([`${place} ${code}`]);
  });

  it.each([
    ['/visits/1/oid', 'V_SCR', '/visits/1/oid duplicate'],
    ['/visits/0/forms/1', 'DM', '/visits/0/forms/1 duplicate'],
    ['/visits/0/forms/1', 'XX', '/visits/0/forms/1 dangling'],
    ['/visits/2/target/arms/0', 'C', '/visits/2/target/arms/0 dangling'],
    ['/visits/3/target/from', 'I.SU.NONE', '/visits/3/target/from dangling'],
    ['/visits/3/target/from', 'I.DM.SEX', '/visits/3/target/from wrong-item-type'],
    ['/forms/1/oid', 'DM', '/forms/1/oid duplicate'],
    ['/forms/1/groups/0/oid', 'IG.DM', '/forms/1/groups/0/oid duplicate'],
    ['/forms/1/groups/0/maxRows', 3, '/forms/1/groups/0/maxRows not-applicable'],
    ['/forms/1/groups/0/items/2/oid', 'I.DM.AGE', '/forms/1/groups/0/items/2/oid duplicate'],
    [`${SEX}/codeList`, 'CL.NONE', `${SEX}/codeList dangling`],
    [`${SEX}/codeList`, undefined, `${SEX}/codeList missing`],
    [`${AGE}/codeList`, 'CL.NY', `${AGE}/codeList not-applicable`],
    [`${SEX}/range`, { hard: { min: 0 } }, `${SEX}/range not-applicable`],
    [`${SEX}/length`, 3, `${SEX}/length not-applicable`],
    [`${AGE}/range/soft`, { min: 2, max: 1 }, `${AGE}/range/soft range-order`],
    ['/codeLists/1/oid', 'CL.NY', '/codeLists/1/oid duplicate'],
    ['/codeLists/0/codes/1/code', 'N', '/codeLists/0/codes/1/code duplicate'],
    ['/arms/1/code', 'A', '/arms/1/code duplicate'],
    ['/endpoints/1/oid', 'DSDTH', '/endpoints/1/oid duplicate'],
    ['/endpoints/0/events/0/causes/0', 'CANCER', '/endpoints/0/events/0/causes/0 dangling'],
    ['/endpoints/2/events/0/causes', ['SINET'], '/endpoints/2/events/0/causes not-applicable'],
    ['/endpoints/0/start/date', 'I.EN.NONE', '/endpoints/0/start/date dangling'],
    ['/endpoints/0/start/date', 'I.DD.DTHDAT', '/endpoints/0/start/date wrong-item-type'],
    ['/endpoints/0/censoring/0/date', 'I.FU.VSTAT', '/endpoints/0/censoring/0/date wrong-item-type'],
    ['/endpoints/0/competing/0/date', 'I.DM.BIRTHDT', '/endpoints/0/competing/0/date not-applicable'],
    ['/endpoints/0/cutOff', '2026-02-30', '/endpoints/0/cutOff invalid'],
    [
      '/endpoints/2/events/0/where',
      { 'I.IM.RECIST': ['XX'] },
      '/endpoints/2/events/0/where/I.IM.RECIST/0 dangling',
    ],
    [
      '/endpoints/2/events/0/where',
      { 'I.IM.SUMD': ['1'] },
      '/endpoints/2/events/0/where/I.IM.SUMD wrong-item-type',
    ],
    ['/endpoints/2/events/0/where', { 'I.IM.NONE': ['1'] }, '/endpoints/2/events/0/where/I.IM.NONE dangling'],
    [
      '/endpoints/2/events/0/where',
      { 'I.FU.VSTAT': ['DEAD'] },
      '/endpoints/2/events/0/where/I.FU.VSTAT not-applicable',
    ],
    [
      '/endpoints/2/events/0/where',
      { 'I.IM.TLSITE': ['LIVER'] },
      '/endpoints/2/events/0/where/I.IM.TLSITE not-applicable',
    ],
    ['/endpoints/3/events/0/ifMissing', 'I.EN.ENDAT', '/endpoints/3/events/0/ifMissing not-applicable'],
    ['/endpoints/5/arms/0', 'C', '/endpoints/5/arms/0 dangling'],
    ['/milestones/inclusion', 'I.EN.NONE', '/milestones/inclusion dangling'],
    ['/milestones/death', 'I.DD.DTHMECH', '/milestones/death wrong-item-type'],
    ['/milestones/causeOfDeath/1', 'I.DD.DTHDAT', '/milestones/causeOfDeath/1 wrong-item-type'],
    ['/milestones/lastAlive/0', 'I.FU.VSTAT', '/milestones/lastAlive/0 wrong-item-type'],
  ])('follows the names: %s = %j is %s', (pointer, value, fault) => {
    expect(faultsOf(studyWith({ [pointer]: value }))).toContain(fault);
  });

  const C03 = '/checks/0';
  const AGES = '/derivations/0';
  it.each([
    [`${C03}/when`, 'GRADE != 5', `${C03}/when wrong-type`],
    [`${C03}/when`, 'GRADE != GRADES', `${C03}/when unknown-name`],
    [`${C03}/when`, "GRADE == 'G4'", `${C03}/when unknown-code`],
    [`${C03}/when`, 'GRADE != ', `${C03}/when syntax`],
    [`${C03}/text`, "Born {forms('DM').BIRTHDT}?", `${C03}/text identifying`],
    [`${C03}/text`, "In arm {forms('EN').ARM}?", `${C03}/text blinding`],
    [`${C03}/forms/0`, 'XX', `${C03}/forms/0 dangling`],
    [`${C03}/items/1`, 'I.DX.NONE', `${C03}/items/1 dangling`],
    ['/checks/1/oid', 'C03', '/checks/1/oid duplicate'],
    [`${C03}/oid`, 'range', `${C03}/oid reserved`],
    [`${AGES}/item`, 'I.DM.NONE', `${AGES}/item dangling`],
    [`${AGES}/item`, 'I.DM.CHARLSON', `${AGES}/item not-applicable`],
    [`${AGES}/expression`, "'old'", `${AGES}/expression wrong-type`],
    [`${AGES}/expression`, 'AGE + 1', `${AGES}/expression cycle`],
  ])('compiles the expressions: %s = %j is %s', (pointer, value, fault) => {
    expect(faultsOf(studyWith({ [pointer]: value }))).toContain(fault);
  });

  it('says where in an expression the fault lies', () => {
    expect(validateDefinition(studyWith({ [`${C03}/when`]: 'GRADE != GRADES' }))).toMatchObject({
      faults: [{ message: expect.stringMatching(/, at character 10$/) }],
    });
  });

  it('compiles what can be compiled, whatever else is wrong', () => {
    const study = studyWith({
      '/colour': 'red',
      '/endpoints': undefined,
      [`${C03}/level`]: 'mild',
      '/checks/2/when': 'NONE',
      '/derivations/1/expression': undefined,
      '/derivations/2/expression': "'maybe'",
    });
    expect(faultsOf(study)).toEqual([
      '/endpoints missing',
      '/colour unknown-property',
      '/checks/0/level invalid',
      '/derivations/1/expression missing',
      '/checks/2/when unknown-name',
      '/derivations/2/expression unknown-code',
    ]);
  });

  it('needs neither checks nor derivations', () => {
    const study = studyWith({ '/checks': undefined, '/derivations': undefined });
    expect(validateDefinition(study)).toEqual({ definition: study });
  });

  it('tells every fault at once, of shape and of reference', () => {
    const study = studyWith({ '/colour': 'red', '/visits/0/forms/0': 'XX', [`${SEX}/codeList`]: 'CL.NONE' });
    expect(faultsOf(study)).toEqual([
      '/colour unknown-property',
      `${SEX}/codeList dangling`,
      '/visits/0/forms/0 dangling',
    ]);
  });

  it('says in words what an OID is', () => {
    expect(validateDefinition(studyWith({ '/study/oid': '1 study' }))).toEqual({
      faults: [
        {
          pointer: '/study/oid',
          code: 'invalid',
          message: 'must be a letter, then up to 63 letters, digits, dots, hyphens or underscores',
        },
      ],
    });
  });

  it('escapes the names of unknown properties and knows __proto__ for one', () => {
    expect(faultsOf(studyWith({ '/study': JSON.parse('{"a/b~c":1,"__proto__":{}}') }))).toEqual(
      expect.arrayContaining(['/study/a~1b~0c unknown-property', '/study/__proto__ unknown-property']),
    );
  });

  it('finds a fault in anything else, and never throws', () => {
    const keys = ['forms', 'groups', 'items', 'visits', 'milestones', 'codeLists', 'codes', 'range', 'soft'];
    const { anything } = fc.letrec((tie) => ({
      anything: fc.oneof(
        { depthSize: 'small' },
        fc.jsonValue(),
        fc.array(tie('anything')),
        fc.dictionary(fc.constantFrom(...keys), tie('anything')),
      ),
    }));
    fc.assert(fc.property(anything, (input) => faultsOf(input).length > 0));
  });
});
