import { type CompiledStudy, type CompiledVisit, type Lineage, nothingLocked, type StudyLocks } from '#study';
import { addDays, formatKey, isCompleteDate, parseKey } from '#values';
import { formKey } from '../address.js';
import type { Casebook } from '../casebook.js';
import type { FormState } from '../form/form-state.js';
import { findPlanned, readableForm, tellsArmsNow } from '../form/plan.js';
import { isFormThereFor, type Reader } from '../form/view.js';
import { lockStatus, viewLocks } from '../lock/lock.view.js';
import type { LockPlace } from '../lock/lock-state.js';
import { showsQuery } from '../query/query.view.js';
import { isOpen, type QueryState } from '../query/query-state.js';
import { viewSignatures } from '../signature/signature.view.js';
import { verifiedShare } from '../verification/verification-due.js';
import { type VisitState, visitState, type Window } from './visit-state.js';

/**
 * One casebook's summary: what is planned, what is there, what is open. What is planned no more is retired.
 *
 * @param today YYYY-MM-DD: the day on which visits are due or overdue
 */
export function viewSubject(
  casebook: Casebook,
  lineage: Lineage,
  reader: Pick<Reader, 'arms' | 'item'>,
  today: string,
  studyLocks: StudyLocks = nothingLocked,
) {
  const openQueries = Object.values(casebook.queries).filter(
    (query) => isOpen(query) && showsQuery(query, lineage.readAs(), reader),
  );
  const entered = Object.values(casebook.forms).filter(
    (form) =>
      (reader.arms || !tellsArmsNow(readableForm(lineage, form), lineage.readAs())) &&
      isFormThereFor(reader, form, lineage),
  );
  const { subject, site, status, definition, consentDate, enrolledAt, arm, crossovers } = casebook;
  return {
    subjectKey: subject,
    site,
    status,
    definition,
    consentDate,
    enrolledAt,
    ...viewLeaving(casebook),
    arm: reader.arms ? (arm ?? null) : null,
    crossovers: reader.arms ? crossovers : [],
    openQueries: openQueries.length,
    visits: visitsOf(entered, lineage).flatMap((visit) =>
      viewVisit(visit, { casebook, lineage, reader, entered, openQueries, today, studyLocks }),
    ),
    signatures: viewSignatures(casebook, lineage, reader),
    ...lockStatus(casebook, studyLocks, {}),
    locks: viewLocks(casebook, studyLocks, {}, { lineage, reader }),
  };
}

/** When and how the subject left the study, as long as that stands. */
function viewLeaving({ withdrawnOn, withdrawalScope, screenFailedOn, completedOn }: Casebook) {
  return {
    ...(screenFailedOn && { screenFailedOn }),
    ...(withdrawnOn && { withdrawal: { date: withdrawnOn, scope: withdrawalScope } }),
    ...(completedOn && { completedOn }),
  };
}

/** Those of the definition, and those of which only entries are left. */
function visitsOf(entered: readonly FormState[], lineage: Lineage): CompiledVisit[] {
  const planned = lineage.followed.definition.visits.map(({ oid }) => oid);
  const used = entered.flatMap(({ visit }) => parseKey(visit)?.oid ?? []);
  return [...new Set([...planned, ...used])].flatMap((oid) => lineage.readAs().visit(oid) ?? []);
}

interface Seen {
  readonly casebook: Casebook;
  readonly lineage: Lineage;
  readonly reader: Pick<Reader, 'arms'>;
  /** What of the casebook's forms the reader may know of. */
  readonly entered: readonly FormState[];
  readonly openQueries: readonly QueryState[];
  readonly today: string;
  readonly studyLocks: StudyLocks;
}

function viewVisit(visit: CompiledVisit, seen: Seen) {
  const { casebook, lineage, reader, entered, openQueries, studyLocks } = seen;
  const locked = (place: LockPlace) => lockStatus(casebook, studyLocks, place);
  const study = lineage.followed;
  const isPlanned = study.visit(visit.oid) !== undefined;
  const forms = isPlanned
    ? visit.forms.filter((form) => reader.arms || !tellsArmsNow(form, lineage.readAs()))
    : [];
  const own = entered.filter((form) => parseKey(form.visit)?.oid === visit.oid);
  const retired = own.filter((form) => !findPlanned(study, form));
  const repeats = new Set(own.map((form) => parseKey(form.visit)!.repeat));
  if (forms.length > 0) repeats.add(1);
  return [...repeats]
    .sort((a, b) => a - b)
    .map((repeat) => {
      const key = formatKey({ oid: visit.oid, repeat });
      const occurs = repeat === 1 || visit.repeating;
      const window = isPlanned ? windowOf(visit, casebook, study) : null;
      return {
        visit: key,
        label: visit.label,
        window,
        state: isPlanned ? stateOf(visit, window, own.length > 0, seen) : null,
        ...(!(isPlanned && occurs) && { retired: true }),
        ...locked({ visit: key }),
        forms: [
          ...(occurs ? forms : []).flatMap((form) => {
            const states = own.filter(
              (state) =>
                state.visit === key && parseKey(state.form)?.oid === form.oid && !retired.includes(state),
            );
            if (states.length === 0)
              return [
                {
                  form: form.oid,
                  label: form.label,
                  status: 'empty',
                  verified: 'none',
                  openQueries: 0,
                  ...locked({ visit: key, form: form.oid }),
                },
              ];
            return states.map((state) => ({
              form: state.form,
              label: form.label,
              ...statusOf(state, openQueries, study),
              ...locked(state),
            }));
          }),
          ...retired
            .filter((state) => state.visit === key)
            .map((state) => ({
              form: state.form,
              label: readableForm(lineage, state).label,
              ...statusOf(state, openQueries, study),
              ...locked(state),
              retired: true,
            })),
        ],
      };
    });
}

/** Only what is scheduled, and for the subject's arm, is waited for. */
function stateOf(
  { oid, type, target }: CompiledVisit,
  window: Window | null,
  isEntered: boolean,
  { casebook, lineage, entered, today }: Seen,
): VisitState | null {
  if (type !== 'scheduled') return null;
  if (target?.arms && !isEntered && !target.arms.includes(casebook.arm?.code ?? '')) return null;
  const { visits } = lineage.followed.definition;
  const later = new Set(
    visits.slice(visits.findIndex((visit) => visit.oid === oid) + 1).map((visit) => visit.oid),
  );
  const isFollowed = entered.some(({ visit: key }) => {
    const visit = lineage.followed.visit(parseKey(key)?.oid ?? '');
    return visit?.type === 'scheduled' && later.has(visit.oid);
  });
  return visitState({ window, hasDay: target !== undefined, isEntered, isFollowed }, casebook, today);
}

/** Null where the visit has no planned day for the subject, or what it counts from has not happened. */
export function windowOf(
  { target }: Pick<CompiledVisit, 'target'>,
  casebook: Casebook,
  study: CompiledStudy,
): Window | null {
  if (!target || (target.arms && !target.arms.includes(casebook.arm?.code ?? ''))) return null;
  const start = target.from ?? study.definition.milestones.inclusion;
  const from = start && dateOf(casebook, start);
  if (!from) return null;
  const planned = addDays(from, target.day);
  return {
    earliest: addDays(planned, -target.before),
    target: planned,
    latest: addDays(planned, target.after),
  };
}

function dateOf(casebook: Casebook, item: string): string | undefined {
  for (const form of Object.values(casebook.forms)) {
    const held = form.items[item]?.held;
    if (held && 'value' in held && isCompleteDate(held.value)) return held.value;
  }
  return undefined;
}

function statusOf(state: FormState, openQueries: readonly QueryState[], study: CompiledStudy) {
  return {
    status: state.complete ? 'complete' : 'incomplete',
    verified: verifiedShare(state, study),
    openQueries: openQueries.filter((query) => formKey(query) === formKey(state)).length,
  };
}
