import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { threeWay } from './three-way.js';

const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('a', 'b', 1, true),
    fc.dictionary(fc.constantFrom('name', 'items', 'oid'), tie('json')),
    fc.uniqueArray(fc.record({ oid: fc.constantFrom('A', 'B', 'C'), name: tie('json') }), {
      selector: ({ oid }) => oid,
    }),
  ),
}));

describe('a three-way merge', () => {
  it('gives theirs where we changed nothing, and ours where they have nothing of their own', () => {
    fc.assert(
      fc.property(json, json, (base, other) => {
        expect(threeWay(base, other, base)).toEqual(other);
        expect(threeWay(base, base, other)).toEqual(other);
        expect(threeWay(base, other, other)).toEqual(other);
      }),
    );
  });

  it('takes our change over, and keeps what only they have', () => {
    const base = {
      items: [
        { oid: 'A', name: 'a' },
        { oid: 'B', name: 'b' },
      ],
    };
    const theirs = {
      status: 'draft',
      items: [{ oid: 'A', name: 'a', origin: 'lab' }, { oid: 'B', name: 'B!' }, { oid: 'X' }],
    };
    const ours = { items: [{ oid: 'B', name: 'b2' }, { oid: 'A', name: 'a' }, { oid: 'N' }] };
    expect(threeWay(base, theirs, ours)).toEqual({
      status: 'draft',
      items: [{ oid: 'B', name: 'b2' }, { oid: 'A', name: 'a', origin: 'lab' }, { oid: 'N' }, { oid: 'X' }],
    });
  });

  it('removes what we removed', () => {
    const base = { items: [{ oid: 'A' }, { oid: 'B' }], unit: 'kg' };
    expect(threeWay(base, { ...base, status: 'draft' }, { items: [{ oid: 'B' }] })).toEqual({
      items: [{ oid: 'B' }],
      status: 'draft',
    });
  });

  it('takes lists without keys as a whole', () => {
    expect(threeWay({ checks: [1] }, { checks: [1, 2] }, { checks: [3] })).toEqual({ checks: [3] });
  });
});
