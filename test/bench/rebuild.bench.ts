import { randomBytes, randomUUID } from 'node:crypto';
import { Client, Pool } from 'pg';
import { type Caller, systemCaller } from '#access';
import { SubjectKeys } from '#casebook';
import { Runner, rebuild, Streams } from '#commands';
import { connectPipelined, EventStore, ownerConnection, salts, serviceConnection } from '#event-store';
import { followsOf, kinds, secretsFrom } from '#installation';
import { Studies, shippedStudies, studyCommands } from '#study';
import type { Finding } from './finding.js';
import { enrolSubjects } from './log-of-forms.js';

const SUBJECTS = 33_000;
/** Events a second. */
const GOAL = 50_000;

/** Making every read model anew from a log of about 100,000 events: the inline ones, all that follow, and both at once. */
export async function benchRebuild(url: string): Promise<Finding[]> {
  const pool = new Pool({ ...serviceConnection(url), max: 4 });
  // The pool calls itself ended before the server has read that it is: stopping the server then tells it so.
  pool.on('error', () => {});
  const store = new EventStore(pool, {
    connect: () => connectPipelined(url),
    now: () => new Date(),
    salt: salts(randomBytes),
  });
  const owner = new Client(ownerConnection(url));
  await owner.connect();
  try {
    const streams = new Streams(store);
    const studies = new Studies(streams);
    const runner = new Runner<Caller>(store, streams, () => new Date());
    const definition = shippedStudies()[0]!;
    const log = definition.study.oid;
    const call = { log, caller: systemCaller('bench'), key: randomUUID() };
    await runner.run(studyCommands.CreateStudy, { definition }, call);
    await enrolSubjects(store, log, SUBJECTS);
    const subjectKeys = new SubjectKeys(pool, secretsFrom(randomBytes(32)).keyEncryptionKey, randomBytes);
    const seconds: Record<string, number> = {};
    const followers = followsOf({ streams, studies, subjectKeys });
    const stateless = kinds.map((kind) => ({ ...kind, models: [] }));
    for (const [name, ofKinds, ofFollowers] of [
      // Into empty tables, which the others then fill again.
      ['all of them', kinds, followers],
      ['inline', kinds, {}],
      ['followers, in one pass', stateless, followers],
    ] as const) {
      const started = performance.now();
      await rebuild(owner, pool, ofKinds, ofFollowers);
      seconds[name] = (performance.now() - started) / 1000;
    }
    const size = await store.size(log);
    return Object.entries(seconds).map(([name, time]) => finding(name, size / time));
  } finally {
    await owner.end();
    await store.close();
    await pool.end();
  }
}

function finding(name: string, rate: number): Finding {
  const figure = (perSecond: number) => ({ rate: perSecond, p50: 1000 / perSecond, p99: 1000 / perSecond });
  return {
    name: `rebuild: ${name}, events/s`,
    goal: `≥ 1 × ${GOAL}`,
    ratio: rate / GOAL,
    met: rate >= GOAL,
    ours: figure(rate),
    reference: figure(GOAL),
  };
}
