import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import type { Caller } from '#access';
import type { Call, Receipt, Runner } from '#commands';
import { readClinical, type Source, Tally, type Unsupported } from '#odm';
import { Problem } from '#problem';
import { odmOidsOf, type Studies } from '#study';
import { formKey } from '../address.js';
import type { CasebookCommands } from '../casebook.commands.js';
import type { EnrolSubject } from '../subject/subject.js';
import { type OdmAct, OdmEntry } from './odm-entry.js';

/** What enters clinical data. */
export interface ClinicalTargets {
  readonly runner: Runner<Caller>;
  readonly commands: CasebookCommands;
  readonly studies: Studies;
  readonly pool: Pool;
}

export interface ImportOptions {
  readonly caller: Caller;
  /** Where and when subjects were enrolled of whom the document does not tell it. */
  readonly enrolment: Partial<EnrolSubject>;
  /** Data of other studies are refused; absent: each goes to the study that ODM knows by its OID. */
  readonly study?: string;
}

/** What became of a subject of the document. */
export interface ImportedSubject {
  readonly study: string;
  /** In the document. */
  readonly odmKey: string;
  /** Here; absent as long as it could not be enrolled. */
  key?: string;
  /** Acts: enrolment, allocation, forms, queries. */
  entered: number;
  refused: number;
  /** The first of them. */
  readonly refusals: { readonly what: string; readonly problem: Problem }[];
}

export interface ClinicalImport {
  readonly subjects: readonly ImportedSubject[];
  readonly unsupported: readonly Unsupported[];
  /** Why the document could not be read to its end. What stood before is entered. */
  readonly fault?: Problem;
}

/** Of one subject. */
const MOST_REFUSALS = 100;
/** Subjects whose data are entered at the same time; those of one subject are entered one by one. */
const AT_ONCE = 16;
/** Code points, as of every query. */
const LONGEST_QUERY = 2000;

/**
 * Enters the clinical data of an ODM document command by command, and tells of each subject what was entered and
 * what was refused, with the reason. The same document again changes nothing: its file's OID, the subject and
 * the number of the act make the key of each command.
 */
export async function importClinical(
  targets: ClinicalTargets,
  source: Source,
  options: ImportOptions,
): Promise<ClinicalImport> {
  const tally = new Tally();
  const subjects = new Map<string, Subject>();
  const told = () => [...subjects.values()].map(({ report }) => report);
  let unsupported: Unsupported[] = [];
  let section: Section | undefined;
  let file = '';
  const underWay = new Set<Promise<void>>();
  try {
    for await (const part of readClinical(source)) {
      if (part.kind === 'head') file = part.document.file.fileOid;
      if (part.kind === 'clinicalData') section = await sectionOf(targets, part.studyOid, options, tally);
      if (part.kind === 'end') unsupported = part.unsupported;
      if (part.kind !== 'subject' || !section) continue;
      const { study } = section;
      const odmKey = part.subject.subjectKey;
      const known = subjects.get(`${study}/${odmKey}`);
      const subject = known ?? newSubject(study, odmKey, file);
      subjects.set(`${study}/${odmKey}`, subject);
      const acts = [...section.entry.acts(part.subject, !known, options.enrolment)];
      // In the document's order: it is the order of the subjects' numbers.
      if (acts[0]?.act === 'EnrolSubject') await enter(targets, acts.shift()!, subject, options.caller);
      const entering = subject.entered.then(() => enterAll(targets, acts, subject, options.caller));
      subject.entered = entering;
      underWay.add(entering);
      void entering.then(
        () => underWay.delete(entering),
        () => {},
      );
      if (underWay.size >= AT_ONCE) await Promise.race(underWay);
    }
    await Promise.all(underWay);
  } catch (error) {
    await Promise.allSettled(underWay);
    if (!(error instanceof Problem)) throw error;
    return { subjects: told(), unsupported: tally.list(), fault: error };
  }
  return { subjects: told(), unsupported: [...unsupported, ...tally.list()] };
}

/** A ClinicalData element. */
interface Section {
  readonly study: string;
  readonly entry: OdmEntry;
}

/** @throws Problem not-found, invalid-value */
async function sectionOf(
  targets: ClinicalTargets,
  odmOid: string,
  { study: wanted }: ImportOptions,
  tally: Tally,
): Promise<Section> {
  const study = wanted ?? (await studyOf(targets, odmOid));
  const compiled = await targets.studies.current(study);
  const odm = odmOidsOf(compiled.definition, compiled.version);
  if (odm.study !== odmOid)
    throw new Problem('invalid-value', `The document has data of study ${odmOid}, not of ${odm.study}.`);
  return { study, entry: new OdmEntry(compiled, odm.oids, tally) };
}

/** The study that ODM knows by an OID. @throws Problem not-found */
async function studyOf({ studies, pool }: ClinicalTargets, odmOid: string): Promise<string> {
  const { rows } = await pool.query<{ study: string }>('SELECT study FROM study ORDER BY study');
  for (const { study } of rows) {
    const { definition, version } = await studies.current(study);
    if (odmOidsOf(definition, version).study === odmOid) return study;
  }
  throw new Problem('not-found', `There is no study ${odmOid}; import its metadata first.`);
}

/** A subject of the document in the making. */
interface Subject {
  readonly report: ImportedSubject;
  readonly file: string;
  /** Once what came of it so far is entered. */
  entered: Promise<void>;
  acts: number;
  readonly forms: Set<string>;
  /** Ours, by what the document calls them. */
  readonly queries: Map<string, string>;
}

function newSubject(study: string, odmKey: string, file: string): Subject {
  const report = { study, odmKey, entered: 0, refused: 0, refusals: [] };
  return { report, file, entered: Promise.resolve(), acts: 0, forms: new Set(), queries: new Map() };
}

async function enterAll(
  targets: ClinicalTargets,
  acts: readonly OdmAct[],
  subject: Subject,
  caller: Caller,
): Promise<void> {
  for (const act of acts) await enter(targets, act, subject, caller);
}

async function enter(targets: ClinicalTargets, act: OdmAct, subject: Subject, caller: Caller): Promise<void> {
  const { report, file } = subject;
  const key = uuidOf(`${file}/${report.study}/${report.odmKey}/${subject.acts++}`);
  try {
    const receipt = await run(targets, act, subject, { log: report.study, caller, key });
    const [first] = receipt.events;
    if (act.act === 'EnrolSubject' && first) report.key = (first.data as { subject: string }).subject;
    if (act.act === 'RaiseQuery' && first)
      subject.queries.set(act.odmQuery, (first.data as { query: string }).query);
    if (act.act === 'EnterForm' && receipt.events.length > 0) subject.forms.add(formKey(act.command));
    report.entered++;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    report.refused++;
    if (report.refusals.length < MOST_REFUSALS) report.refusals.push({ what: whatOf(act), problem: error });
  }
}

function run(
  { runner, commands }: ClinicalTargets,
  act: OdmAct,
  { report, forms, queries }: Subject,
  call: Call<Caller>,
): Promise<Receipt> {
  if (act.act === 'EnrolSubject') return runner.run(commands.EnrolSubject, act.command, call);
  const subject = report.key;
  if (subject === undefined) throw new Problem('not-found', 'The subject was not enrolled.');
  switch (act.act) {
    case 'AllocateArm':
      return runner.run(commands.AllocateArm, { ...act.command, subject }, call);
    case 'FailScreening':
      return runner.run(commands.FailScreening, { ...act.command, subject }, call);
    case 'CompleteSubject':
      return runner.run(commands.CompleteSubject, { ...act.command, subject }, call);
    case 'WithdrawSubject':
      return runner.run(commands.WithdrawSubject, { ...act.command, subject }, call);
    case 'ReinstateSubject':
      return runner.run(commands.ReinstateSubject, { ...act.command, subject }, call);
    case 'EnterForm': {
      const ifMatch = forms.has(formKey(act.command)) ? ({ any: true } as const) : undefined;
      return runner.run(commands.EnterForm, { ...act.command, subject }, { ...call, ifMatch });
    }
    case 'RaiseQuery':
      refuseText(act.command.text);
      return runner.run(commands.RaiseQuery, { ...act.command, subject }, call);
    default: {
      refuseText(act.text);
      const query = queries.get(act.odmQuery);
      if (query === undefined) throw new Problem('not-found', 'The query was not raised.');
      return runner.run(commands[act.act], { query, text: act.text }, call);
    }
  }
}

/** @throws Problem invalid-value */
function refuseText(text: string): void {
  const length = [...text].length;
  if (length >= 1 && length <= LONGEST_QUERY) return;
  throw new Problem('invalid-value', `The text of a query has 1 to ${LONGEST_QUERY} characters.`);
}

function whatOf(act: OdmAct): string {
  if (act.act === 'EnterForm') return `form ${formKey(act.command)}`;
  return 'odmQuery' in act ? `${act.act} ${act.odmQuery}` : act.act;
}

/** The same name gives the same key, so that a document that is imported twice is entered once. */
function uuidOf(name: string): string {
  const hash = createHash('sha256').update(name).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}
