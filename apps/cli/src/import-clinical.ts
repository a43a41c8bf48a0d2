import { createHash } from 'node:crypto';
import { type Caller, roles, systemCaller } from '#access';
import { type EnrolSubject, formKey, type OdmAct, OdmEntry } from '#casebook';
import type { Receipt } from '#commands';
import type { Installation } from '#installation';
import { readClinical, type Source, type SubjectData, Tally } from '#odm';
import { Problem } from '#problem';
import { odmOidsOf } from '#study';
import { type Print, printUnsupported } from './print.js';

/** Of subjects of whom the document does not tell where and when they were enrolled. */
export type Enrolment = Partial<EnrolSubject>;

/** A subject of the document in the making. */
interface Subject {
  /** Its key here; undefined as long as it could not be enrolled. */
  key?: string;
  steps: number;
  done: number;
  readonly forms: Set<string>;
  readonly refused: { readonly what: string; readonly problem: Problem }[];
}

/**
 * Enters the clinical data of an ODM document command by command, and tells of each subject what was entered and
 * what was refused, with the reason; gives how many were. The same document again changes nothing.
 */
export async function importClinical(
  installation: Installation,
  open: () => Source,
  enrolment: Enrolment,
  print: Print,
): Promise<number> {
  const tally = new Tally();
  const subjects = new Map<string, Subject>();
  let study = '';
  let entry: OdmEntry | undefined;
  let file = '';
  for await (const part of readClinical(open())) {
    if (part.kind === 'head') file = part.document.file.fileOid;
    if (part.kind === 'clinicalData') {
      study = await studyOf(installation, part.studyOid);
      const compiled = await installation.studies.current(study);
      entry = new OdmEntry(compiled, odmOidsOf(compiled.definition, compiled.version).oids, tally);
    }
    if (part.kind === 'subject' && entry) {
      const name = `${study}/${part.subject.subjectKey}`;
      const subject = subjects.get(name) ?? { steps: 0, done: 0, forms: new Set(), refused: [] };
      const isNew = !subjects.has(name);
      subjects.set(name, subject);
      await enter(installation, { study, file, entry, enrolment }, part.subject, subject, isNew);
    }
    if (part.kind === 'end') printUnsupported(print, [...part.unsupported, ...tally.list()]);
  }
  for (const [name, subject] of subjects) printSubject(print, name, subject);
  return [...subjects.values()].reduce((sum, { refused }) => sum + refused.length, 0);
}

interface Work {
  readonly study: string;
  readonly file: string;
  readonly entry: OdmEntry;
  readonly enrolment: Enrolment;
}

async function enter(
  installation: Installation,
  work: Work,
  data: SubjectData,
  subject: Subject,
  isNew: boolean,
): Promise<void> {
  for (const act of work.entry.acts(data, isNew, work.enrolment)) {
    const { study, file } = work;
    const key = uuidOf(`${file}/${study}/${data.subjectKey}/${subject.steps++}`);
    try {
      const receipt = await run(installation, act, subject, { log: study, caller, key });
      const [first] = receipt.events;
      if (act.act === 'EnrolSubject' && first) subject.key = (first.data as { subject: string }).subject;
      if (act.act === 'EnterForm' && receipt.events.length > 0) subject.forms.add(formKey(act.command));
      subject.done++;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      subject.refused.push({ what: placeOf(act), problem: error });
    }
  }
}

/** The installation itself acts, and may enter what any role may. */
const caller: Caller = {
  ...systemCaller('odm-import'),
  grants: roles.map((role) => ({ study: '*', role, sites: 'all', unblinded: true })),
};

type Call = { log: string; caller: Caller; key: string };

function run(
  { runner, commands }: Installation,
  act: OdmAct,
  { key, forms }: Subject,
  call: Call,
): Promise<Receipt> {
  if (act.act === 'EnrolSubject') return runner.run(commands.EnrolSubject, act.command, call);
  if (key === undefined) throw new Problem('not-found', 'The subject was not enrolled.');
  switch (act.act) {
    case 'AllocateArm':
      return runner.run(commands.AllocateArm, { ...act.command, subject: key }, call);
    case 'WithdrawSubject':
      return runner.run(commands.WithdrawSubject, { ...act.command, subject: key }, call);
    case 'ReinstateSubject':
      return runner.run(commands.ReinstateSubject, { ...act.command, subject: key }, call);
    case 'EnterForm': {
      const ifMatch = forms.has(formKey(act.command)) ? ({ any: true } as const) : undefined;
      return runner.run(commands.EnterForm, { ...act.command, subject: key }, { ...call, ifMatch });
    }
  }
}

/** The study that ODM knows by an OID. @throws Problem not-found */
async function studyOf({ studies, pool }: Installation, odmOid: string): Promise<string> {
  const { rows } = await pool.query<{ study: string }>('SELECT study FROM study ORDER BY study');
  for (const { study } of rows) {
    const { definition, version } = await studies.current(study);
    if (odmOidsOf(definition, version).study === odmOid) return study;
  }
  throw new Problem('not-found', `There is no study ${odmOid}; import its metadata first.`);
}

function printSubject(print: Print, name: string, { key, done, refused }: Subject): void {
  print(`subject ${name}: ${key ?? 'not enrolled'}, ${done} entered, ${refused.length} refused`);
  for (const { what, problem } of refused) {
    print(`  ${what}: ${problem.detail}`);
    for (const { pointer, message } of problem.details.errors ?? []) print(`    ${pointer}: ${message}`);
  }
}

function placeOf(act: OdmAct): string {
  return act.act === 'EnterForm' ? `form ${formKey(act.command)}` : act.act;
}

/** The same name gives the same key, so that a document that is imported twice is entered once. */
function uuidOf(name: string): string {
  const hash = createHash('sha256').update(name).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}
