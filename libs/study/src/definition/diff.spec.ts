import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shippedStudies } from '../shipped.js';
import { compile } from './compile.js';
import type { Definition, ItemDefinition } from './definition.js';
import { smallItems, smallStudy } from './definition.spec-kit.js';
import { diffDefinitions } from './diff.js';
import { checkValue, outsideSoftRange } from './item-value.js';

/** What a change of the small study amounts to, as `path kind verdict`. */
function changes(change: (definition: Definition) => void): string[] {
  const after = smallStudy();
  const before = structuredClone(after);
  change(after);
  return diffDefinitions(before, after).map(({ path, kind, verdict }) => `${path} ${kind} ${verdict}`);
}

/** What a change of one item amounts to. */
function itemChanges(oid: string, change: Partial<ItemDefinition>): string[] {
  return changes((after) => {
    const item = after.forms[0]!.groups[0]!.items.find((one) => one.oid === oid)!;
    Object.assign(item, change);
  });
}

describe('a diff of definitions', () => {
  it('of one with itself is nothing, in whatever order its members are', () => {
    for (const definition of [...shippedStudies(), smallStudy()]) {
      expect(diffDefinitions(definition, structuredClone(definition))).toEqual([]);
      const turned = Object.fromEntries(Object.entries(definition).reverse()) as unknown as Definition;
      expect(diffDefinitions(definition, turned)).toEqual([]);
    }
  });

  it('says what changed, from what to what and in words', () => {
    const after = smallStudy();
    after.forms[0]!.groups[0]!.items[1]!.unit = 'g';
    expect(diffDefinitions(smallStudy(), after)).toEqual([
      {
        path: '/items/I.WEIGHT/unit',
        oid: 'I.WEIGHT',
        kind: 'unit',
        verdict: 'needs-mapping',
        text: 'Item I.WEIGHT (Weight) is in g now; values so far are in kg.',
        from: 'kg',
        to: 'g',
      },
    ]);
  });
});

describe('the times in which queries are settled', () => {
  it('change no data', () => {
    const before = { answerWithinDays: 14 };
    const timed = (queries?: Definition['queries']) => ({ ...smallStudy(), ...(queries && { queries }) });
    const verdicts = (from: Definition, to: Definition) =>
      diffDefinitions(from, to).map(({ path, kind, verdict }) => `${path} ${kind} ${verdict}`);
    expect(verdicts(timed(), timed(before))).toEqual(['/queries added safe']);
    expect(verdicts(timed(before), timed())).toEqual(['/queries removed safe']);
    expect(verdicts(timed(before), timed({ answerWithinDays: 7, closeWithinDays: 3 }))).toEqual([
      '/queries/answerWithinDays answerWithinDays safe',
      '/queries/closeWithinDays closeWithinDays safe',
    ]);
  });
});

describe('an item', () => {
  const added = (item: Partial<ItemDefinition>) =>
    changes((after) =>
      after.forms[0]!.groups[0]!.items.push({
        oid: 'I.NEW',
        label: 'New',
        type: 'text',
        presence: 'optional',
        ...item,
      }),
    );

  it('that is new is safe where it is not asked of forms that are complete', () => {
    expect(added({})).toEqual(['/items/I.NEW added safe']);
    expect(added({ presence: 'mandatory', derived: true })).toEqual(['/items/I.NEW added safe']);
    expect(added({ presence: 'mandatory' })).toEqual(['/items/I.NEW added needs-mapping']);
  });

  it('that is mandatory on a form, or in rows, that nobody has entered yet is safe', () => {
    const mandatory = { oid: 'I.NEW', label: 'New', type: 'text' as const, presence: 'mandatory' as const };
    const group = (repeating: boolean) => ({ oid: 'IG.NEW', label: 'New', repeating, items: [mandatory] });
    const added = (change: (after: Definition) => void) =>
      changes(change).filter((one) => one.startsWith('/items/'));
    const form = { oid: 'N', label: 'New', repeating: false, groups: [group(false)] };
    expect(added(({ forms }) => forms.push(form))).toEqual(['/items/I.NEW added safe']);
    expect(added(({ forms }) => forms[0]!.groups.push(group(true)))).toEqual(['/items/I.NEW added safe']);
    expect(added(({ forms }) => forms[0]!.groups.push(group(false)))).toEqual([
      '/items/I.NEW added needs-mapping',
    ]);
  });

  it('that is gone loses data', () => {
    expect(changes((after) => after.forms[0]!.groups[0]!.items.pop())).toEqual([
      '/items/I.NAME removed loses-data',
    ]);
  });

  it('that moves keeps its data only within its form, and outside rows', () => {
    const moved = (form: number, group: number) =>
      changes((after) => {
        const [item] = after.forms[0]!.groups[0]!.items.splice(0, 1);
        after.forms[form]!.groups[group]!.items.push(item!);
      });
    expect(moved(0, 1)).toEqual(['/items/I.SEX/place moved safe']);
    expect(moved(0, 2)).toEqual(['/items/I.SEX/place moved needs-mapping']);
    expect(moved(1, 0)).toEqual(['/items/I.SEX/place moved needs-mapping']);
  });

  it.each<[string, Partial<ItemDefinition>, string]>([
    ['I.SEX', { label: 'Sex at birth' }, 'label relabelled safe'],
    ['I.SEX', { presence: 'optional' }, 'presence presence safe'],
    ['I.WEIGHT', { presence: 'optional' }, 'presence presence safe'],
    ['I.WEIGHT', { presence: 'mandatory' }, 'presence presence needs-mapping'],
    ['I.NAME', { presence: 'conditional' }, 'presence presence needs-mapping'],
    ['I.NAME', { length: 81 }, 'length longer safe'],
    ['I.NAME', { length: 79 }, 'length shorter needs-mapping'],
    ['I.SEX', { codeList: 'CL.SEX3' }, 'codeList code-list safe'],
    ['I.SEX', { type: 'codes' }, 'type type needs-mapping'],
    ['I.WEIGHT', { type: 'integer' }, 'type type loses-data'],
    ['I.SEX', { revealsArm: true }, 'revealsArm reveals-arm safe'],
    ['I.SEX', { hiddenFrom: ['monitor'] }, 'hiddenFrom hidden safe'],
    ['I.SEX', { derived: true }, 'derived derived needs-mapping'],
    ['I.SEX', { identifying: true }, 'identifying identifying needs-mapping'],
    ['I.NAME', { identifying: false }, 'identifying not-identifying needs-mapping'],
  ])('%s %j: %s', (oid, change, expected) => {
    expect(itemChanges(oid, change)).toEqual([`/items/${oid}/${expected}`]);
  });

  it.each<[ItemDefinition['range'], string[]]>([
    [{ soft: { min: 20, max: 250 }, hard: { min: 0 } }, ['softRange range-wider safe']],
    [{ hard: { min: 0 } }, ['softRange range-wider safe']],
    [{ soft: { min: 30, max: 250 } }, ['hardRange range-wider safe']],
    [{ soft: { min: 40, max: 300 }, hard: { min: 0 } }, ['softRange range-narrower needs-mapping']],
    [{ soft: { min: 30, max: 250 }, hard: { min: 0, max: 400 } }, ['hardRange range-narrower needs-mapping']],
  ])('whose range is %j', (range, expected) => {
    expect(itemChanges('I.WEIGHT', { range: range! })).toEqual(
      expected.map((one) => `/items/I.WEIGHT/${one}`),
    );
  });

  it('warns where a change touches identity or blinding', () => {
    const after = smallStudy();
    after.forms[0]!.groups[0]!.items[2]!.identifying = false;
    expect(diffDefinitions(smallStudy(), after)[0]!.text).toMatch(/^Dangerous: /);
    expect(diffDefinitions(after, smallStudy())[0]!.text).toMatch(/^Dangerous: /);
  });
});

describe('a code', () => {
  it('that is new or has a new label is safe', () => {
    expect(changes((after) => after.codeLists[0]!.codes.push({ code: '8240/3', label: 'Not told' }))).toEqual(
      ['/codeLists/CL.SEX/codes/8240~13 added safe'],
    );
    expect(changes((after) => Object.assign(after.codeLists[0]!.codes[0]!, { label: 'Woman' }))).toEqual([
      '/codeLists/CL.SEX/codes/F/label relabelled safe',
    ]);
  });

  it('that is gone needs a mapping, where an item can hold it', () => {
    expect(changes((after) => after.codeLists[0]!.codes.pop())).toEqual([
      '/codeLists/CL.SEX/codes/M removed needs-mapping',
    ]);
    expect(changes((after) => after.codeLists[1]!.codes.pop())).toEqual([
      '/codeLists/CL.SEX3/codes/U removed safe',
    ]);
  });
});

describe('what holds items', () => {
  it.each<[string, (after: Definition) => void, string[]]>([
    ['a visit that is gone', ({ visits }) => visits.pop(), ['/visits/V2 removed loses-data']],
    [
      'a visit with a form more',
      ({ visits }) => visits[1]!.forms.push('F'),
      ['/visits/V2/forms form-added safe'],
    ],
    [
      'a visit with a form less',
      ({ visits }) => visits[0]!.forms.pop(),
      ['/visits/V1/forms form-removed loses-data'],
    ],
    [
      'a visit with its forms turned',
      ({ visits }) => visits[0]!.forms.reverse(),
      ['/visits/V1/forms reordered safe'],
    ],
    [
      'a visit that repeats',
      ({ visits }) => Object.assign(visits[0]!, { repeating: true }),
      ['/visits/V1/repeating repeating safe'],
    ],
    [
      'a form that no longer repeats',
      ({ forms }) => Object.assign(forms[1]!, { repeating: false }),
      ['/forms/G/repeating not-repeating loses-data'],
    ],
    [
      'a form that is gone',
      ({ forms }) => forms.pop(),
      ['/forms/G removed loses-data', '/groups/IG.G removed safe', '/items/I.DAT removed loses-data'],
    ],
    [
      'rows that are none',
      ({ forms }) => Object.assign(forms[0]!.groups[2]!, { repeating: false }),
      ['/groups/IG.ROWS/repeating repeating loses-data'],
    ],
    [
      'more rows',
      ({ forms }) => Object.assign(forms[0]!.groups[2]!, { maxRows: 6 }),
      ['/groups/IG.ROWS/maxRows more-rows safe'],
    ],
    [
      'fewer rows',
      ({ forms }) => Object.assign(forms[0]!.groups[2]!, { maxRows: 4 }),
      ['/groups/IG.ROWS/maxRows fewer-rows needs-mapping'],
    ],
    ['visits in another order', ({ visits }) => visits.reverse(), ['/visits reordered safe']],
    [
      'items in another order',
      ({ forms }) => forms[0]!.groups[0]!.items.reverse(),
      ['/groups/IG.F/items reordered safe'],
    ],
    ['the study', ({ study }) => Object.assign(study, { name: 'Other' }), ['/study/name name safe']],
    [
      'milestones',
      ({ milestones }) => milestones.lastAlive.push('I.DAT'),
      ['/milestones/lastAlive lastAlive needs-mapping'],
    ],
    ['an arm that is gone', ({ arms }) => arms.pop(), ['/arms/B removed needs-mapping']],
    [
      'an endpoint',
      ({ endpoints }) => Object.assign(endpoints[0]!, { horizon: { years: 5 } }),
      ['/endpoints/OS/horizon horizon safe'],
    ],
  ])('%s', (_, change, expected) => {
    expect(changes(change)).toEqual(expected);
  });
});

describe('every change of an item', () => {
  const bounds = fc.record(
    { min: fc.integer({ min: -3, max: 0 }), max: fc.integer({ min: 1, max: 4 }) },
    { requiredKeys: [] },
  );
  const range = fc.record({ soft: bounds, hard: bounds }, { requiredKeys: ['soft'] });
  const common = {
    oid: fc.constant('I.X'),
    label: fc.constantFrom('X', 'Y'),
    presence: fc.constant('optional' as const),
  };
  type Item = fc.Arbitrary<ItemDefinition>;
  const numbers: Item = fc.record({
    ...common,
    type: fc.constantFrom('integer' as const, 'decimal' as const),
    range,
  });
  const texts: Item = fc.record({
    ...common,
    type: fc.constant('text' as const),
    length: fc.integer({ min: 1, max: 4 }),
  });
  const dates: Item = fc.record({
    ...common,
    type: fc.constantFrom('date' as const, 'partialDate' as const),
  });
  const codes: Item = fc.record({
    ...common,
    type: fc.constantFrom('code' as const, 'codes' as const),
    codeList: fc.constantFrom('CL.SEX', 'CL.SEX3'),
  });
  const item = fc.oneof(numbers, texts, dates, codes);
  const number = fc.oneof(fc.integer({ min: -4, max: 5 }), fc.double({ min: -4, max: 5, noNaN: true }));
  const text = fc.constantFrom('a', 'abc', '2024', '2024-05', '2024-05-01', 'F', 'U');
  const several = fc.constantFrom(['F'], ['M', 'U']);
  const held = fc.oneof(
    fc.tuple(numbers, numbers, number),
    fc.tuple(fc.oneof(texts, dates), fc.oneof(texts, dates), text),
    fc.tuple(codes, codes, fc.oneof(text, several)),
    fc.tuple(item, item, fc.oneof(number, text, several)),
  );
  const compiled = (one: ItemDefinition) => compile(smallStudy([...smallItems, one]), 1).item('I.X')!;

  it('that is safe lets every value stand, and raises no query', () => {
    const today = '2026-01-01';
    let stood = 0;
    fc.assert(
      fc.property(held, ([before, after, one]) => {
        const diff = diffDefinitions(smallStudy([...smallItems, before]), smallStudy([...smallItems, after]));
        const fitted = !checkValue(compiled(before), one, today) && !outsideSoftRange(compiled(before), one);
        if (!fitted || diff.some(({ verdict }) => verdict !== 'safe')) return;
        stood++;
        expect(checkValue(compiled(after), one, today)).toBeUndefined();
        expect(outsideSoftRange(compiled(after), one)).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
    expect(stood).toBeGreaterThan(100);
  });

  it('is found, and found backwards too', () => {
    fc.assert(
      fc.property(item, item, (before, after) => {
        const [a, b] = [smallStudy([...smallItems, before]), smallStudy([...smallItems, after])];
        const there = diffDefinitions(a, b).map(({ path }) => path);
        expect(
          diffDefinitions(b, a)
            .map(({ path }) => path)
            .sort(),
        ).toEqual(there.sort());
        if (there.length === 0) expect(compiled(after)).toMatchObject(before);
      }),
    );
  });
});
