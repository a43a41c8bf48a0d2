import { beforeEach, describe, expect, it } from 'vitest';
import { Problem } from '#problem';
import { SignInLimit } from './sign-in-limit.service.js';

let time: number;
beforeEach(() => {
  time = 1_000_000;
});
const open = (enabled = true) => new SignInLimit(() => new Date(time), enabled);
const fail = (limit: SignInLimit, times: number, attempt = 'a') => {
  for (let i = 0; i < times; i++) limit.failed(attempt);
};

/** Seconds to wait; 0 when an attempt is let through. */
function waitOf(limit: SignInLimit, attempt = 'a'): unknown {
  try {
    limit.refuseTooMany(attempt);
    return 0;
  } catch (error) {
    if (error instanceof Problem && error.code === 'too-many-requests')
      return error.details.extensions?.retryAfter;
    throw error;
  }
}

describe('the limit on failed sign-ins', () => {
  it('lets 49 failures pass, then makes the next wait ever longer, up to a quarter of an hour', () => {
    const limit = open();
    fail(limit, 45);
    expect(waitOf(limit)).toBe(0);
    const waits = Array.from({ length: 16 }, () => {
      limit.failed('a');
      return waitOf(limit);
    });
    expect(waits).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
  });

  it('lets an attempt through when the wait is over', () => {
    const limit = open();
    fail(limit, 52);
    time += 3999;
    expect(waitOf(limit)).toBe(1);
    time += 1;
    expect(waitOf(limit)).toBe(0);
  });

  it('forgets failures after a success, and counts each address by itself', () => {
    const limit = open();
    fail(limit, 60);
    expect(waitOf(limit, 'b')).toBe(0);
    limit.succeeded('a');
    fail(limit, 4);
    expect(waitOf(limit)).toBe(0);
  });

  it('can be switched off', () => {
    const limit = open(false);
    fail(limit, 60);
    expect(waitOf(limit)).toBe(0);
  });
});
