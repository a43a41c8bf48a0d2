import { describe, expect, it } from 'vitest';
import { given } from '#decider';
import {
  completeSnapshot,
  evolveSnapshots,
  type Manifest,
  requestSnapshot,
  type SnapshotEvent,
  type Snapshots,
} from './snapshot.js';

const asked: SnapshotEvent = {
  type: 'SnapshotRequested',
  data: { snapshot: 'snapshot-1', name: 'interim', purpose: 'Committee', position: 9 },
};
const manifest: Manifest = {
  recordedAt: '2026-01-01T00:00:00.000Z',
  definition: 1,
  checkpoint: 'note',
  datasets: { blinded: [], unblinded: [] },
};
const made: SnapshotEvent = { type: 'SnapshotTaken', data: { snapshot: 'snapshot-1', manifest } };
const having = (...events: SnapshotEvent[]) =>
  given<Snapshots, SnapshotEvent>(
    (state, event) => evolveSnapshots(state, { ...event, recordedAt: '2026-01-02T00:00:00.000Z', by: 'ada' }),
    [],
    events,
  );
const request = (name: string, position?: number) => (snapshots: Snapshots) =>
  requestSnapshot({ name, purpose: 'Committee', position }, snapshots, { last: 12 });

describe('a snapshot', () => {
  it('is of the log as far as it has come, or of the position asked for', () => {
    expect(having().when(request('interim'))).toMatchObject([{ data: { position: 12 } }]);
    expect(having().when(request('interim', 9))).toEqual([asked]);
  });

  it('has a name of its own', () => {
    expect(having(asked).when(request('interim'))).toEqual({ refused: 'already-exists' });
    expect(having(asked).when(request('final'))).toMatchObject([{ data: { snapshot: 'snapshot-2' } }]);
  });

  it('is taken once', () => {
    const complete = (snapshots: Snapshots) =>
      completeSnapshot({ snapshot: 'snapshot-1', manifest }, snapshots);
    expect(having(asked).when(complete)).toEqual([made]);
    expect(having(asked, made).when(complete)).toEqual([]);
    expect(having().when(complete)).toEqual({ refused: 'not-found' });
  });
});
