import { earliest, grouped, isPartialDate } from '#values';
import type { Environment } from './environment.js';
import type { CasebookFacts, FormFacts, Held, Place } from './facts.js';

/** Something with named items. */
export interface Entry {
  readonly items: Readonly<Record<string, Held>>;
}

export interface FormView extends Entry {
  readonly facts: FormFacts;
  /** When it took place: the first day that its first date can mean; empty while that is not entered. */
  readonly date: string;
  readonly visit: Entry;
  rows(group: string): readonly Entry[];
  /** The row of a key; undefined where there is none. */
  row(group: string, key: string): Entry | undefined;
}

/** A casebook arranged for evaluation: made once for each state of the facts. */
export interface CasebookView {
  readonly facts: CasebookFacts;
  /** The form at a place; one with nothing entered where there is none. */
  at(place: Place): FormView;
  /** All occurrences of a form, from the first to the last. */
  all(form: string): readonly FormView[];
  /** Those of `all(form)` that come before the given form. */
  earlier(form: string, than: FormView): readonly FormView[];
}

/**
 * Occurrences go by the plan: scheduled visits in their order, whatever their dates, so that a check can
 * find dates that contradict it. Forms of other visits are put in by date, after the last scheduled one
 * of the same form that is not later; undated ones come last. Repeats at one visit follow their number.
 */
export function casebookView(facts: CasebookFacts, environment: Environment): CasebookView {
  const byForm = grouped(facts.forms, ({ form }) => form);
  const sequences = new Map<string, Sequence>();

  // Most evaluations look at few forms of many: the others are never made.
  const sequence = (form: string) => {
    const known = sequences.get(form);
    if (known) return known;
    const views = (byForm.get(form) ?? []).map((one) => formView(one, environment));
    const made = sequenceOf(views, environment);
    sequences.set(form, made);
    return made;
  };

  return {
    facts,
    at: (place) =>
      sequence(place.form).views.find((view) => isAt(view.facts, place)) ??
      formView({ complete: false, items: {}, rows: {}, ...place }, environment),
    all: (form) => (byForm.has(form) ? sequence(form).views : none),
    earlier: (form, than) => {
      const { views, positionOf } = sequence(form);
      if (form === than.facts.form) {
        const position = positionOf(than);
        return views.filter((view) => compare(positionOf(view), position) < 0);
      }
      const order = plannedOrder(than, environment);
      return views.filter((view) => {
        const other = plannedOrder(view, environment);
        if (order !== undefined && other !== undefined) return other < order;
        return view.date !== '' && view.date < than.date;
      });
    },
  };
}

const none: readonly FormView[] = [];

/** The occurrences of one form, in their order. */
interface Sequence {
  readonly views: readonly FormView[];
  positionOf(view: FormView): Position;
}

/** Compared part by part: order of the visit, date, repeat of the visit, repeat of the form. */
type Position = readonly [number, string, number, number];

function sequenceOf(occurrences: readonly FormView[], environment: Environment): Sequence {
  const scheduled = occurrences.flatMap((view) => {
    const order = plannedOrder(view, environment);
    return order === undefined || view.date === '' ? [] : [{ order, date: view.date }];
  });
  const positionOf = (view: FormView): Position => {
    const { visitRepeat, formRepeat } = view.facts;
    const order = plannedOrder(view, environment);
    if (order !== undefined) return [order, '', visitRepeat, formRepeat];
    if (view.date === '') return [Number.POSITIVE_INFINITY, '', visitRepeat, formRepeat];
    const notLater = scheduled.filter(({ date }) => date <= view.date).map(({ order }) => order);
    return [Math.max(-1, ...notLater) + 0.5, view.date, visitRepeat, formRepeat];
  };
  const positions = new Map(occurrences.map((view) => [view, positionOf(view)]));
  const known = (view: FormView) => positions.get(view) ?? positionOf(view);
  return { views: occurrences.toSorted((a, b) => compare(known(a), known(b))), positionOf: known };
}

/** Undefined for visits that happen outside the plan. */
function plannedOrder({ facts }: FormView, environment: Environment): number | undefined {
  const visit = environment.visits.get(facts.visit);
  return visit?.type === 'scheduled' ? visit.order : undefined;
}

function compare(a: Position, b: Position): number {
  const differs = a.findIndex((part, i) => part !== b[i]);
  if (differs < 0) return 0;
  return a[differs]! < b[differs]! ? -1 : 1;
}

function isAt(one: Place, { visit, visitRepeat, form, formRepeat }: Place): boolean {
  return (
    one.visit === visit &&
    one.visitRepeat === visitRepeat &&
    one.form === form &&
    one.formRepeat === formRepeat
  );
}

function formView(facts: FormFacts, environment: Environment): FormView {
  const visit = environment.visits.get(facts.visit);
  const dateItem = environment.forms.get(facts.form)?.date;
  const held = dateItem && facts.items[dateItem.name];
  const known = new Map<string, readonly Entry[]>();
  const rows = (group: string) => {
    const entered = Object.hasOwn(facts.rows, group) ? facts.rows[group]! : [];
    const own = known.get(group) ?? entered.map((items) => ({ items }));
    known.set(group, own);
    return own;
  };
  return {
    facts,
    items: facts.items,
    date: isPartialDate(held) ? earliest(held) : '',
    visit: {
      items: {
        oid: facts.visit,
        repeat: facts.visitRepeat,
        scheduled: visit?.type === 'scheduled',
        ...(visit?.target && daysOf(visit.target)),
      },
    },
    rows,
    row: (group, key) => rows(group)[facts.rowKeys?.[group]?.indexOf(key) ?? -1],
  };
}

function daysOf({ day, before, after }: { day: number; before: number; after: number }) {
  return { day, before, after };
}
