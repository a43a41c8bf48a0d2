import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import type { Caller } from '#access';
import type { Call, Runner, Step } from '#commands';
import type { RecordedEvent } from '#event-store';
import { readClinical, type Source, Tally, type Unsupported } from '#odm';
import { Problem } from '#problem';
import { odmOidsOf, type Studies } from '#study';
import { grouped } from '#values';
import type { CasebookCommands } from '../casebook.commands.js';
import type { EnrolSubject } from '../subject/subject.js';
import { nameOf, OdmSubject } from './odm-acts.js';
import { leaveBeside, type OdmAct, OdmEntry } from './odm-entry.js';

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
  key?: string | undefined;
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
/** Acts that are entered in one transaction, if none of them is refused. */
const AT_ONCE = 128;

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
  let waiting: Planned[] = [];
  const enterWaiting = async () => {
    const acts = waiting;
    waiting = [];
    if (acts.length > 0 && !(await enterAtOnce(targets, acts))) await enterOneByOne(targets, acts);
  };
  try {
    for await (const part of readClinical(source)) {
      if (part.kind === 'head') file = part.document.file.fileOid;
      if (part.kind === 'clinicalData') {
        await enterWaiting();
        section = await sectionOf(targets, part.studyOid, options, tally);
      }
      if (part.kind === 'end') unsupported = part.unsupported;
      else if (part.kind !== 'head') leaveBeside(part, tally);
      if (part.kind !== 'subject' || !section) continue;
      const { study } = section;
      const odmKey = part.subject.subjectKey;
      const known = subjects.get(`${study}/${odmKey}`);
      const subject = known ?? newSubject(study, odmKey);
      subjects.set(`${study}/${odmKey}`, subject);
      for (const act of section.entry.acts(part.subject, !known, options.enrolment)) {
        const key = uuidOf(`${file}/${study}/${odmKey}/${subject.acts++}`);
        waiting.push({ act, subject, call: { log: study, caller: options.caller, key } });
        if (waiting.length >= AT_ONCE) await enterWaiting();
      }
    }
    await enterWaiting();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    await enterWaiting();
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
  /** As what was entered so far has made it. */
  made: OdmSubject;
  acts: number;
}

function newSubject(study: string, odmKey: string): Subject {
  const report = { study, odmKey, entered: 0, refused: 0, refusals: [] };
  return { report, made: new OdmSubject(), acts: 0 };
}

/** An act that waits to be entered. All that wait are of one study. */
interface Planned {
  readonly act: OdmAct;
  readonly subject: Subject;
  readonly call: Call<Caller>;
}

/** Enters all in one transaction. @returns false, with nothing entered, where one has to be looked at by itself */
async function enterAtOnce(
  { runner, commands }: ClinicalTargets,
  acts: readonly Planned[],
): Promise<boolean> {
  const drafts = new Map(acts.map(({ subject }) => [subject, subject.made]));
  const steps = acts.map(({ act, subject, call }, i): Step<Caller> => {
    const draft = () => drafts.get(subject)!;
    return {
      type: commands[act.act] as Step<Caller>['type'],
      call,
      command: (made) => {
        const before = acts[i - 1];
        if (before) drafts.set(before.subject, drafts.get(before.subject)!.after(before.act, made[i - 1]!));
        return draft().commandOf(act);
      },
      ifMatch: () => (draft().continues(act) ? { any: true } : undefined),
    };
  });
  const receipts = await runner.runAtOnce(acts[0]!.call.log, steps);
  for (const [i, { events }] of receipts?.entries() ?? []) noteEntered(acts[i]!, events);
  return receipts !== undefined;
}

/** Enrolments in the document's order, which is that of the subjects' numbers; then all subjects side by side. */
async function enterOneByOne(targets: ClinicalTargets, acts: readonly Planned[]): Promise<void> {
  const bySubject = grouped(acts, ({ subject }) => subject);
  for (const own of bySubject.values())
    if (own[0]!.act.act === 'EnrolSubject') await enter(targets, own.shift()!);
  const enterAll = async (own: readonly Planned[]) => {
    for (const act of own) await enter(targets, act);
  };
  await Promise.all([...bySubject.values()].map(enterAll));
}

async function enter({ runner, commands }: ClinicalTargets, planned: Planned): Promise<void> {
  const { act, subject, call } = planned;
  const { report } = subject;
  try {
    const ifMatch = subject.made.continues(act) ? ({ any: true } as const) : undefined;
    const type = commands[act.act] as Step<Caller>['type'];
    const { events } = await runner.run(type, subject.made.commandOf(act), { ...call, ifMatch });
    noteEntered(planned, events);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    report.refused++;
    if (report.refusals.length < MOST_REFUSALS) report.refusals.push({ what: nameOf(act), problem: error });
  }
}

function noteEntered({ act, subject }: Planned, events: readonly RecordedEvent[]): void {
  subject.made = subject.made.after(act, events);
  subject.report.key = subject.made.key;
  subject.report.entered++;
}

/** The same name gives the same key, so that a document that is imported twice is entered once. */
function uuidOf(name: string): string {
  const hash = createHash('sha256').update(name).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}
