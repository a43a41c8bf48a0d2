import { describe, expect, it } from 'vitest';
import { given } from './given.js';

class Refused extends Error {
  constructor(
    readonly code: string,
    readonly details: { errors?: { pointer: string }[] } = {},
  ) {
    super(code);
  }
}

const add = (sum: number, event: number) => sum + event;
const throwing = (error: Error) => () => {
  throw error;
};

describe('given, when', () => {
  it('decides on the fold of what was given, in its order', () => {
    const decided = given((text: string, event: string) => text + event, '>', ['a', 'b']).when((text) => [
      text,
    ]);
    expect(decided).toEqual(['>ab']);
  });

  it('decides on the initial state when nothing was given', () => {
    expect(given(add, 7, []).when((sum) => [sum])).toEqual([7]);
  });

  it('tells the code of a refusal, and where the faults are', () => {
    expect(given(add, 0, [1]).when(throwing(new Refused('conflict')))).toEqual({ refused: 'conflict' });
    const errors = [{ pointer: '/date' }, { pointer: '/arm' }];
    expect(given(add, 0, [1]).when(throwing(new Refused('invalid-value', { errors })))).toEqual({
      refused: 'invalid-value',
      at: ['/date', '/arm'],
    });
  });

  it('lets a defect through: an error that is no refusal', () => {
    const systemError = Object.assign(new Error('no such file'), { code: 'ENOENT' });
    for (const defect of [new TypeError('undefined is not a function'), systemError])
      expect(() => given(add, 0, [1]).when(throwing(defect))).toThrow(defect);
  });
});
