import { describe, expect, it } from 'vitest';
import { compile } from './compile.js';
import type { Definition } from './definition.js';
import { smallStudy } from './definition.spec-kit.js';
import { Lineage } from './lineage.js';

/** Versions of the small study, each made from the one before. */
function versions(...steps: ((definition: Definition) => void)[]) {
  const definition = smallStudy();
  const made = [compile(definition, 1)];
  for (const [i, step] of steps.entries()) {
    step(definition);
    made.push(compile(definition, i + 2));
  }
  return made;
}

const itemsOf = (definition: Definition) => definition.forms[0]!.groups[0]!.items;
const item = (definition: Definition, oid: string) => itemsOf(definition).find((one) => one.oid === oid)!;
const without = (oid: string) => (definition: Definition) => {
  definition.forms[0]!.groups[0]!.items = itemsOf(definition).filter((one) => one.oid !== oid);
};

describe('a lineage', () => {
  it('of one version reads by that version', () => {
    const [only] = versions();
    const lineage = new Lineage([only!]);
    expect(lineage.followed).toBe(only);
    expect(lineage.readAs().item('I.SEX')).toBe(only!.item('I.SEX'));
    expect(lineage.readAs().item('I.NONE')).toBeUndefined();
  });

  it('reads an entry in the terms that it was made in', () => {
    const lineage = new Lineage(
      versions((next) => {
        item(next, 'I.SEX').label = 'Sex at birth';
        next.codeLists[0]!.codes = [{ code: 'F', label: 'Woman' }];
      }),
    );
    expect(lineage.readAs(1).item('I.SEX')).toMatchObject({ label: 'Sex' });
    expect(lineage.readAs(1).item('I.SEX')!.codes!.get('F')).toBe('Female');
    expect(lineage.readAs(2).item('I.SEX')).toMatchObject({ label: 'Sex at birth' });
    expect(Object.fromEntries(lineage.readAs(2).item('I.SEX')!.codes!)).toEqual({ F: 'Woman', M: 'Male' });
  });

  it('keeps codes in the order of the version, and those that it no longer has after them', () => {
    const lineage = new Lineage(
      versions(
        (next) => {
          next.codeLists[0]!.codes = [
            { code: 'U', label: 'Unknown' },
            { code: 'M', label: 'Man' },
            { code: 'F', label: 'Woman' },
          ];
        },
        (next) => {
          next.codeLists[0]!.codes = [
            { code: 'M', label: 'Male' },
            { code: 'U', label: 'Not known' },
          ];
        },
      ),
    );
    const codesOf = (version: number) => [...lineage.readAs(version).item('I.SEX')!.codes!];
    expect(codesOf(2)).toEqual([
      ['U', 'Unknown'],
      ['M', 'Man'],
      ['F', 'Woman'],
    ]);
    expect(codesOf(3)).toEqual([
      ['M', 'Male'],
      ['U', 'Not known'],
      ['F', 'Woman'],
    ]);
  });

  it('finds what is gone as it last was, and nothing that is yet to come', () => {
    const lineage = new Lineage(
      versions(
        (next) => Object.assign(item(next, 'I.WEIGHT'), { label: 'Body weight' }),
        without('I.WEIGHT'),
        (next) => itemsOf(next).push({ oid: 'I.NEW', label: 'New', type: 'date', presence: 'optional' }),
      ),
      3,
    );
    expect(lineage.followed.version).toBe(3);
    expect(lineage.readAs().item('I.WEIGHT')).toMatchObject({ label: 'Body weight' });
    expect(lineage.readAs(1).item('I.WEIGHT')).toMatchObject({ label: 'Weight' });
    expect(lineage.readAs().item('I.NEW')).toBeUndefined();
    expect(lineage.lastWith((one) => one.item('I.WEIGHT'))).toMatchObject({ label: 'Body weight' });
  });

  it('lets see what the newest version that has an item lets see, also for a past one that is followed', () => {
    const hide = (next: Definition) =>
      Object.assign(item(next, 'I.SEX'), { hiddenFrom: ['monitor'], revealsArm: true, identifying: true });
    const guards = { hiddenFrom: ['monitor'], revealsArm: true, identifying: true };
    expect(new Lineage(versions(hide)).readAs(1).item('I.SEX')).toMatchObject(guards);
    expect(new Lineage(versions(hide), 1).readAs().item('I.SEX')).toMatchObject(guards);
    expect(new Lineage(versions(hide, without('I.SEX'))).readAs(1).item('I.SEX')).toMatchObject(guards);
    const shown = new Lineage(
      versions(hide, (next) => {
        item(next, 'I.SEX').hiddenFrom = undefined as never;
        delete item(next, 'I.SEX').hiddenFrom;
      }),
    );
    expect(shown.readAs(2).item('I.SEX')).not.toHaveProperty('hiddenFrom');
  });

  it('knows of identifying items of every version', () => {
    const lineage = new Lineage(versions(without('I.NAME')));
    expect(lineage.identifies('F')).toBe(true);
    expect(lineage.identifies('G')).toBe(false);
  });
});
