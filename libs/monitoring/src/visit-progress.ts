import { type Casebook, type FormState, visitState, windowOf } from '#casebook';
import type { CompiledStudy, CompiledVisit } from '#study';
import { addDays, formatKey, grouped, parseKey } from '#values';

/** How far a scheduled visit of one subject is, in facts that no passing of days changes. */
export interface VisitProgress {
  readonly visit: string;
  /** Its place in the plan. */
  readonly n: number;
  /** From this day on (YYYY-MM-DD) it is late unless something of it is entered; null: never. */
  readonly late: string | null;
  /** OIDs of its forms. */
  readonly planned: readonly string[];
  /** Of these, those that hold anything; all repeats of a complete form are. */
  readonly entered: readonly string[];
  readonly complete: readonly string[];
}

/** The visits of which anything is entered, or can be waited for, in the order of the plan. */
export function visitProgress(casebook: Casebook, study: CompiledStudy): VisitProgress[] {
  const byVisit = grouped(Object.values(casebook.forms).filter(isEntered), ({ visit }) => visit);
  return study.definition.visits.flatMap(({ oid, type }, n) => {
    if (type !== 'scheduled') return [];
    const visit = study.visit(oid)!;
    const key = formatKey({ oid, repeat: 1 });
    const forms = byVisit.get(key) ?? [];
    const late = lateFrom(visit, casebook, study);
    if (late === null && forms.length === 0) return [];
    const planned = visit.forms.map((form) => form.oid);
    const repeats = (form: string) => forms.filter((state) => parseKey(state.form)?.oid === form);
    const entered = planned.filter((form) => repeats(form).length > 0);
    const complete = entered.filter((form) => repeats(form).every((state) => state.complete));
    return [{ visit: oid, n, late, planned, entered, complete }];
  });
}

function isEntered({ items }: FormState): boolean {
  // Nearly always the first one tells: a list of all of them would be made for nothing.
  for (const path in items) if (items[path]!.held !== null) return true;
  return false;
}

/** The day after the window, where the visit is overdue then and not, as after a death, waited for no more. */
function lateFrom(visit: CompiledVisit, casebook: Casebook, study: CompiledStudy): string | null {
  const window = windowOf(visit, casebook, study);
  if (!window) return null;
  const day = addDays(window.latest, 1);
  const waiting = { window, hasDay: true, isEntered: false, isFollowed: false };
  return visitState(waiting, casebook, day) === 'overdue' ? day : null;
}
