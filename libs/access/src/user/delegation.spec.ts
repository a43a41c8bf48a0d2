import { describe, expect, it } from 'vitest';
import type { Actor, RecordedEvent } from '#event-store';
import { delegationAt, delegationsOf } from './delegation.js';
import type { UserEvent, UserGrant } from './user.js';

const admin: Actor = { user: 'a', role: 'administrator' };
let position = 0;
const at = (event: UserEvent, actor: Actor = admin) =>
  ({ ...event, actor, recordedAt: `2026-01-0${++position}T00:00:00.000Z` }) as UserEvent & RecordedEvent;
const created = (user: string, name: string) =>
  at({ type: 'UserCreated', data: { user, email: `${user}@x`, name } }, { system: 'set-up' });
const given = (grant: Partial<UserGrant>, user = 'u') => {
  const whole = {
    grant: 'g',
    study: 'SINET',
    role: 'investigator',
    sites: ['FR01'],
    unblinded: false,
  } as const;
  return at({ type: 'GrantGiven', data: { ...whole, ...grant, user } });
};

describe('C-09 the delegation log', () => {
  const history = () => {
    position = 0;
    return [
      created('a', 'Ada'),
      created('u', 'Ute'),
      given({ from: '2026-02-01', to: '2026-03-01' }),
      given({ grant: 'h', role: 'monitor', sites: ['FR01', 'DE01'] }),
      given({ grant: 'i', study: 'OTHER' }),
      at({ type: 'GrantWithdrawn', data: { user: 'u', grant: 'g', reason: 'Moved' } }),
      at({ type: 'UserDeactivated', data: { user: 'u', reason: 'Left' } }),
    ];
  };

  it('says who held which role where, given and ended by whom and when', () => {
    const by = { by: 'a', byName: 'Ada' };
    expect(delegationsOf(history(), 'SINET')).toEqual([
      {
        grant: 'g',
        user: 'u',
        name: 'Ute',
        role: 'investigator',
        sites: ['FR01'],
        from: '2026-02-01',
        to: '2026-03-01',
        given: { at: '2026-01-03T00:00:00.000Z', ...by },
        ended: { at: '2026-01-06T00:00:00.000Z', ...by, reason: 'Moved', how: 'withdrawn' },
      },
      expect.objectContaining({
        grant: 'h',
        ended: { at: '2026-01-07T00:00:00.000Z', ...by, reason: 'Left', how: 'deactivated' },
      }),
    ]);
  });

  it('has those of all studies too, and as of an earlier event what was true then', () => {
    const everywhere = [created('a', 'Ada'), given({ study: '*', role: 'inspector', sites: 'all' }, 'a')];
    expect(delegationsOf(everywhere, 'SINET')).toMatchObject([{ grant: 'g', name: 'Ada', ended: null }]);
    expect(delegationsOf(history().slice(0, 4), 'SINET').map(({ ended }) => ended)).toEqual([null, null]);
  });

  it('tells each site of itself only', () => {
    const [own, shared] = delegationsOf(history(), 'SINET');
    expect(delegationAt(own!, ['DE01'])).toBeUndefined();
    expect(delegationAt(shared!, ['DE01'])?.sites).toEqual(['DE01']);
    expect(delegationAt(shared!, 'all')).toBe(shared);
  });
});
