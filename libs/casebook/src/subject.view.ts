import type { CompiledStudy, CompiledVisit } from '#study';
import { addDays, formatKey, isCompleteDate, parseKey } from '#values';
import { type Casebook, type FormState, formKey, type QueryState } from './casebook.js';
import { tellsArms } from './plan.js';
import { showsQuery } from './query.view.js';
import type { Reader } from './view.js';

/** One casebook's summary: what is planned, what is there, what is open. */
export function viewSubject(casebook: Casebook, study: CompiledStudy, reader: Pick<Reader, 'arms' | 'item'>) {
  const openQueries = Object.values(casebook.queries).filter(
    (query) => isOpen(query) && showsQuery(query, study, reader),
  );
  const { subject, site, status, definition, consentDate, enrolledAt, arm, crossovers } = casebook;
  return {
    subjectKey: subject,
    site,
    status,
    definition,
    consentDate,
    enrolledAt,
    arm: reader.arms ? (arm ?? null) : null,
    crossovers: reader.arms ? crossovers : [],
    openQueries: openQueries.length,
    visits: study.definition.visits.flatMap(({ oid }) =>
      viewVisit(study.visit(oid)!, casebook, study, reader, openQueries),
    ),
    signatures: [],
  };
}

function viewVisit(
  visit: CompiledVisit,
  casebook: Casebook,
  study: CompiledStudy,
  reader: Pick<Reader, 'arms'>,
  openQueries: readonly QueryState[],
) {
  const forms = visit.forms.filter((form) => reader.arms || !tellsArms(form));
  if (forms.length === 0) return [];
  const entered = Object.values(casebook.forms).filter((form) => parseKey(form.visit)?.oid === visit.oid);
  const repeats = new Set([1, ...entered.map((form) => parseKey(form.visit)!.repeat)]);
  return [...repeats]
    .sort((a, b) => a - b)
    .map((repeat) => {
      const key = formatKey({ oid: visit.oid, repeat });
      return {
        visit: key,
        label: visit.label,
        window: windowOf(visit, casebook, study),
        forms: forms.flatMap((form) => {
          const states = entered.filter(
            (state) => state.visit === key && parseKey(state.form)?.oid === form.oid,
          );
          if (states.length === 0)
            return [{ form: form.oid, label: form.label, status: 'empty', openQueries: 0 }];
          return states.map((state) => ({
            form: state.form,
            label: form.label,
            ...statusOf(state, openQueries),
          }));
        }),
      };
    });
}

function windowOf({ target }: CompiledVisit, casebook: Casebook, study: CompiledStudy) {
  if (!target || (target.arms && !target.arms.includes(casebook.arm?.code ?? ''))) return null;
  const from = dateOf(casebook, target.from ?? study.definition.milestones.inclusion);
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

function statusOf(state: FormState, openQueries: readonly QueryState[]) {
  return {
    status: state.complete ? 'complete' : 'incomplete',
    openQueries: openQueries.filter((query) => formKey(query) === formKey(state)).length,
  };
}

const isOpen = ({ status }: QueryState) => status === 'open' || status === 'answered';
