import { randomBytes, randomUUID } from 'node:crypto';
import { type Caller, roles, systemCaller } from '#access';
import { importClinical } from '#casebook';
import { casebookView } from '#checks';
import { type Installation, openInstallation, secretsFrom } from '#installation';
import { compile, readDefinition, studyCommands, writeDefinition } from '#study';
import { benchStudy, clinicalDocument, ITEMS } from './checks.study.js';
import type { Finding } from './finding.js';
import { closedLoop, type Measure, median, medianRound } from './measure.js';

const ROUNDS = 5;
const MILLISECONDS = 1500;
const caller: Caller = {
  ...systemCaller('bench'),
  grants: roles.map((role) => ({ study: '*', role, sites: 'all', unblinded: true })),
};

/** What edit checks cost, and how long a document of 1 MB takes, all in this process on a durable database. */
export async function benchChecks(url: string): Promise<Finding[]> {
  const secrets = secretsFrom(randomBytes(32));
  const installation = await openInstallation(url, secrets, {
    now: () => new Date(),
    random: randomBytes,
    uuid: randomUUID,
    onFault: (where, error) => {
      throw new Error(`${where}: ${error}`);
    },
  });
  try {
    return [
      await shareOfChecks(installation),
      await evaluations(),
      await definitionImport(installation),
      await clinicalImport(installation),
    ];
  } finally {
    await installation.close();
  }
}

/**
 * The share of a correction's time that its checks take: what it takes longer, on the way from the command to the
 * commit, than in the same study without any. HTTP is left out, so the share of a request is smaller.
 */
async function shareOfChecks(installation: Installation): Promise<Finding> {
  const checked = await corrector(installation, 'CHECKED', 31);
  const plain = await corrector(installation, 'PLAIN', 0);
  const measured: { ours: Measure; reference: Measure }[] = [];
  for (let round = 0; round < ROUNDS; round++)
    measured.push({
      reference: await closedLoop(1, MILLISECONDS, plain),
      ours: await closedLoop(1, MILLISECONDS, checked),
    });
  const ratio = median(measured.map(({ ours, reference }) => 1 - ours.rate / reference.rate));
  return {
    name: `share of a correction’s time in 31 checks of a form of ${ITEMS} items`,
    goal: '≤ 0.15',
    ratio,
    met: ratio <= 0.15,
    ours: medianRound(measured.map((one) => one.ours)),
    reference: medianRound(measured.map((one) => one.reference)),
  };
}

/** Publishes a study, enrols a subject, enters its form; and corrects every item of it at each call. */
async function corrector(installation: Installation, study: string, checks: number) {
  const { runner, commands } = installation;
  const call = () => ({ log: study, caller, key: randomUUID() });
  await publish(installation, benchStudy(study, checks));
  const enrolled = await runner.run(
    commands.EnrolSubject,
    { site: 'FR01', consentDate: '2024-01-10' },
    call(),
  );
  const { subject } = enrolled.events[0]!.data as { subject: string };
  let value = 0;
  const enter = async (ifMatch?: { any: true }) => {
    value = (value % 900) + 1;
    const items = Object.fromEntries(Array.from({ length: ITEMS }, (_, i) => [`I.F.N${i}`, value]));
    const command = { subject, visit: 'V', form: 'F', items, missing: {}, rows: {}, whole: true };
    const reason = { code: 'bench', text: '' };
    await runner.run(commands.EnterForm, { ...command, reason }, { ...call(), ifMatch });
  };
  await enter();
  return () => enter({ any: true });
}

async function publish({ runner }: Installation, definition: ReturnType<typeof benchStudy>): Promise<void> {
  const log = definition.study.oid;
  const call = () => ({ log, caller, key: randomUUID() });
  await runner.run(studyCommands.CreateStudy, { definition }, call());
  await runner.run(studyCommands.OpenSite, { site: 'FR01', name: 'Bench', country: 'FR' }, call());
}

/** Of a comparison of two items, through the whole of a compiled check. */
async function evaluations(): Promise<Finding> {
  const { environment, checks } = compile(benchStudy('E', 1), 1).expressions;
  const place = { visit: 'V', visitRepeat: 1, form: 'F', formRepeat: 1 };
  const form = { ...place, complete: true, items: { N0: 1, N1: 2 }, rows: {} };
  const facts = {
    forms: [form],
    today: '2026-01-01',
    consentDate: '2024-01-10',
    status: 'enrolled',
  } as const;
  const view = casebookView(facts, environment);
  const [affected] = checks.affectedBy([{ place, items: ['I.F.N0'], standing: false }], [], view);
  const batch = 10_000;
  const measure = await closedLoop(1, MILLISECONDS, async () => {
    for (let i = 0; i < batch; i++)
      if (affected!.dependent.evaluate(view, place) !== false) throw new Error('the check holds');
  });
  return atLeast('evaluations of a check of two items on one core', 100_000, {
    ...measure,
    rate: measure.rate * batch,
  });
}

async function definitionImport(installation: Installation): Promise<Finding> {
  const definition = benchStudy('LARGE', 0, 2_600);
  const { xml } = writeDefinition(definition, '1.3.2', { version: 1, at: '2026-01-01T00:00:00.000Z' });
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++)
    times.push(
      await seconds(async () => {
        const renamed = xml.replace('<Study OID="LARGE"', `<Study OID="LARGE${round}"`);
        const read = await readDefinition([renamed]);
        await publish(installation, read.definition);
      }),
    );
  return atMost(`import of a definition of ${megabytes(xml)} MB of ODM`, 1, times);
}

async function clinicalImport(installation: Installation): Promise<Finding> {
  await publish(installation, benchStudy('CLINICAL', 31));
  const times: number[] = [];
  const documents = Array.from({ length: ROUNDS }, (_, round) =>
    clinicalDocument('CLINICAL', `D.${round}`, 400),
  );
  for (const xml of documents)
    times.push(
      await seconds(async () => {
        const enrolment = { site: 'FR01', consentDate: '2024-01-10' };
        const { subjects, fault } = await importClinical(installation, [xml], { caller, enrolment });
        if (fault || subjects.some(({ refused }) => refused > 0)) throw new Error('the import was refused');
      }),
    );
  return atMost(`import of clinical data of ${megabytes(documents[0]!)} MB of ODM, 400 subjects`, 1, times);
}

const megabytes = (text: string) => (Buffer.byteLength(text) / 1_000_000).toFixed(2);

async function seconds(act: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await act();
  return (performance.now() - started) / 1000;
}

/** A goal that is a number and no reference measured beside it. */
function atLeast(name: string, goal: number, ours: Measure): Finding {
  const reference = { rate: goal, p50: 1000 / goal, p99: 1000 / goal };
  const ratio = ours.rate / goal;
  return { name, goal: `≥ 1 × ${goal}/s`, ratio, met: ratio >= 1, ours, reference };
}

function atMost(name: string, goal: number, times: readonly number[]): Finding {
  const ratio = median(times) / goal;
  const measure = { rate: 1 / median(times), p50: median(times) * 1000, p99: Math.max(...times) * 1000 };
  const reference = { rate: 1 / goal, p50: goal * 1000, p99: goal * 1000 };
  return { name, goal: `≤ 1 × ${goal} s`, ratio, met: ratio <= 1, ours: measure, reference };
}
