import type { Pool } from 'pg';
import { authorise, type Caller, type Permission, sightOf } from '#access';
import type { Aggregate, CommandType, Context } from '#commands';
import type { Actor, RecordedEvent } from '#event-store';
import { Problem } from '#problem';
import type { CompiledStudy, Studies } from '#study';
import { type AdoptDefinition, type AdoptionFacts, adoptDefinition } from './adopt-definition.js';
import {
  type Casebook,
  type CasebookEvent,
  emptyCasebook,
  evolve,
  type FormAddress,
  type Stamped,
} from './casebook.js';
import { projectCasebook } from './casebook.projection.js';
import { type ConsequenceFacts, withConsequences } from './consequences.js';
import { type EnterFormFacts, enterForm } from './enter-form.js';
import { type EnterForm, type PreparedForm, prepareForm } from './entry.js';
import { plannedForm } from './plan.js';
import {
  type MoveQuery,
  moveQuery,
  type QueryStep,
  type RaiseQuery,
  raiseQuery,
  subjectOfQuery,
} from './query.js';
import { readerOf } from './reader.js';
import { seal, unseal } from './seal.js';
import {
  type AllocateArm,
  type AllocationFacts,
  allocateArm,
  type EnrolmentFacts,
  type EnrolSubject,
  enrolSubject,
  type ReinstateSubject,
  reinstateSubject,
  type WithdrawSubject,
  withdrawSubject,
} from './subject.js';
import type { SubjectKeys } from './subject-key.table.js';
import { viewForm } from './view.js';

export const casebooks: Aggregate<Casebook> = {
  initial: emptyCasebook,
  evolve: (casebook, event) => evolve(casebook, event as Stamped & RecordedEvent),
  project: (before, after, [event]) => (event ? projectCasebook(before, after, event.log) : []),
};

export const subjectStream = (subject: string) => `subject/${subject}`;

type CasebookCommand<Command, Facts, Prepared = Command> = CommandType<
  Command,
  Casebook,
  Facts,
  Caller,
  Prepared
>;

/** The commands on a casebook, with where their facts come from. */
export function casebookCommands(studies: Studies, keys: SubjectKeys, pool: Pool) {
  /** What the consequences of an act are decided with, its key only where it is needed. */
  const consequenceFacts = (
    { log, caller, now }: Context<Caller>,
    { subject, site }: Casebook,
    actor: Actor,
    study: CompiledStudy,
    key: Uint8Array | undefined,
  ): ConsequenceFacts => ({
    study,
    actor,
    today: today(now),
    now: now.toISOString(),
    mayEnter: sightOf(caller, log, site).item,
    open: key && ((address, path, sealed) => unseal(key, sealedPlace(log, subject, address, path), sealed)),
  });

  /** For acts that change no form: nothing is known of what they affect, so what identifies is at hand. */
  const factsOf = async (
    type: Permission,
    context: Context<Caller>,
    casebook: Casebook,
    study?: CompiledStudy,
  ): Promise<ConsequenceFacts> => {
    const { log, caller } = context;
    const followed = study ?? (await studies.version(log, casebook.definition));
    const reads = followed.expressions.mayReadIdentity();
    const key = reads ? await keys.of(log, casebook.subject) : undefined;
    return consequenceFacts(context, casebook, authorise(caller, type, log, casebook.site), followed, key);
  };

  const EnrolSubject: CasebookCommand<EnrolSubject, EnrolmentFacts> = {
    type: 'EnrolSubject',
    aggregate: casebooks,
    // Numbers are given one at a time, and taken only by an enrolment that commits: they have no gap.
    lane: ({ site }) => `enrolment/${site}`,
    stream: async ({ site }, { log }) => subjectStream(await nextSubject(pool, log, site)),
    authorise: ({ caller, log }, { site }) => authorise(caller, 'EnrolSubject', log, site),
    facts: async ({ log, now }, { site }) => ({
      today: today(now),
      subject: await nextSubject(pool, log, site),
      siteIsOpen: await isOpen(pool, log, site),
      definition: (await studies.current(log)).version,
    }),
    prepare: (command) => command,
    decide: enrolSubject,
  };

  const AllocateArm: CasebookCommand<AllocateArm, AllocationFacts & ConsequenceFacts> = {
    ...onCasebook('AllocateArm'),
    facts: async (context, _, casebook) => {
      const facts = await factsOf('AllocateArm', context, casebook);
      return { ...facts, arms: facts.study.definition.arms.map((arm) => arm.code) };
    },
    prepare: (command) => command,
    decide: following(allocateArm),
  };

  const EnterForm: CasebookCommand<EnterForm, EnterFormFacts, PreparedForm> = {
    ...onCasebook('EnterForm'),
    facts: async (context, command, casebook) => {
      const { log, caller, ifMatch } = context;
      const lineage = await studies.lineage(log, casebook.definition);
      const study = lineage.followed;
      const { oid, items } = plannedForm(study, command);
      const identifying = items.some((item) => item.identifying) || study.expressions.mayReadIdentity(oid);
      const key = identifying ? await keys.of(log, casebook.subject) : undefined;
      const sight = sightOf(caller, log, casebook.site);
      const actor = authorise(caller, 'EnterForm', log, casebook.site);
      const place = (path: string) => sealedPlace(log, casebook.subject, command, path);
      return {
        ...consequenceFacts(context, casebook, actor, study, key),
        ifMatch,
        seal: (path, text) => {
          if (key) return seal(key, place(path), text);
          throw new Problem('erased', 'The identity of this subject was erased.');
        },
        view: (form) => viewForm(form, Object.values(casebook.queries), lineage, readerOf(sight, key, place)),
      };
    },
    prepare: (command, _, facts) => prepareForm(command, facts),
    decide: enterForm,
  };

  const WithdrawSubject: CasebookCommand<WithdrawSubject, ConsequenceFacts> = {
    ...onCasebook('WithdrawSubject'),
    facts: (context, _, casebook) => factsOf('WithdrawSubject', context, casebook),
    prepare: (command) => command,
    decide: following(withdrawSubject),
  };

  const ReinstateSubject: CasebookCommand<ReinstateSubject, ConsequenceFacts> = {
    ...onCasebook('ReinstateSubject'),
    facts: (context, _, casebook) => factsOf('ReinstateSubject', context, casebook),
    prepare: (command) => command,
    decide: following(reinstateSubject),
  };

  const RaiseQuery: CasebookCommand<RaiseQuery, undefined> = {
    ...onCasebook('RaiseQuery'),
    facts: async ({ log }, command, { definition }) => {
      const study = await studies.version(log, definition);
      const form = plannedForm(study, command);
      const known = command.item === undefined || form.items.some((item) => item.oid === command.item);
      if (known) return;
      const message = `There is no item ${command.item} in form ${command.form}.`;
      throw new Problem('invalid-value', message, {
        errors: [{ pointer: '/item', code: 'unknown-item', message }],
      });
    },
    prepare: (command) => command,
    decide: raiseQuery,
  };

  const AdoptDefinition: CasebookCommand<AdoptDefinition, AdoptionFacts & ConsequenceFacts> = {
    ...onCasebook('AdoptDefinition'),
    facts: async (context, { definition }, casebook) =>
      factsOf('AdoptDefinition', context, casebook, await publishedVersion(studies, context.log, definition)),
    prepare: (command) => command,
    decide: following(adoptDefinition),
  };

  return {
    EnrolSubject,
    AllocateArm,
    EnterForm,
    WithdrawSubject,
    ReinstateSubject,
    RaiseQuery,
    AdoptDefinition,
    AnswerQuery: queryCommand('AnswerQuery', 'QueryAnswered'),
    CloseQuery: queryCommand('CloseQuery', 'QueryClosed'),
    ReopenQuery: queryCommand('ReopenQuery', 'QueryReopened'),
    CancelQuery: queryCommand('CancelQuery', 'QueryCancelled'),
  };
}

export type CasebookCommands = ReturnType<typeof casebookCommands>;

/** DI token of the `CasebookCommands`. */
export const CASEBOOK_COMMANDS = Symbol('CasebookCommands');

/** Where a value is sealed to: it opens nowhere else. */
export function sealedPlace(
  study: string,
  subject: string,
  { visit, form }: FormAddress,
  path: string,
): string {
  return `${study}/${subject}/${visit}/${form}/${path}`;
}

function onCasebook<Name extends Permission>(type: Name) {
  return {
    type,
    aggregate: casebooks,
    stream: ({ subject }: { subject: string }) => subjectStream(subject),
    authorise: (context: Context<Caller>, _: unknown, casebook: Casebook) =>
      authoriseOn(casebook, type, context),
  };
}

/** A decision, with all that follows from what it decides. */
function following<Command, Facts>(
  decide: (command: Command, casebook: Casebook, facts: Facts) => CasebookEvent[],
) {
  return (command: Command, casebook: Casebook, facts: Facts & ConsequenceFacts): CasebookEvent[] =>
    withConsequences(casebook, decide(command, casebook, facts), facts);
}

function queryCommand(type: Permission, step: QueryStep): CasebookCommand<MoveQuery, undefined> {
  return {
    ...onCasebook(type),
    stream: ({ query }) => subjectStream(subjectOfQuery(query) ?? ''),
    facts: () => undefined,
    prepare: (command) => command,
    decide: (command, casebook) => moveQuery(step, command, casebook),
  };
}

/** @throws Problem not-found for a subject that does not exist or lies outside the caller's sites, alike */
export function authoriseOn(
  casebook: Casebook,
  permission: Permission,
  { caller, log }: Pick<Context<Caller>, 'caller' | 'log'>,
): Actor {
  if (casebook.status === 'absent') {
    authorise(caller, 'read study', log);
    throw new Problem('not-found', 'There is no such thing here.');
  }
  return authorise(caller, permission, log, casebook.site);
}

/** @throws Problem invalid-value for a version that was never published */
export async function publishedVersion(
  studies: Studies,
  study: string,
  version: number,
): Promise<CompiledStudy> {
  const { versions } = await studies.publications(study);
  if (versions[version - 1]) return studies.version(study, version);
  const message = `Versions 1 to ${versions.length} of the definition are published.`;
  throw new Problem('invalid-value', message, {
    errors: [{ pointer: '/definition', code: 'unknown-version', message }],
  });
}

/** The latest day that it is anywhere: a centre far east is not told that its own date lies in the future. */
const today = (now: Date) => new Date(now.getTime() + 14 * 3_600_000).toISOString().slice(0, 10);

async function nextSubject(pool: Pool, study: string, site: string): Promise<string> {
  const { rows } = await pool.query<{ number: number }>(
    'SELECT coalesce(max(number), 0) + 1 AS number FROM subject WHERE study = $1 AND series = $2',
    [study, site],
  );
  return `${site}-${String(rows[0]!.number).padStart(4, '0')}`;
}

async function isOpen(pool: Pool, study: string, site: string): Promise<boolean> {
  const { rows } = await pool.query<{ open: boolean }>(
    'SELECT open FROM site WHERE study = $1 AND site = $2',
    [study, site],
  );
  return rows[0]?.open ?? false;
}
