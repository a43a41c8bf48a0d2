import { type Casebook, type Change, casebooks } from '#casebook';
import type { RecordedEvent } from '#event-store';

/** Where in a casebook a value stands, and the act that put it there. */
export interface Origin {
  readonly visit: string;
  readonly form: string;
  readonly item: string;
  readonly group?: string;
  readonly row?: string;
  /** In the study's log. */
  readonly position: number;
}

export interface Fact extends Origin {
  readonly value: string | readonly string[];
}

/** By item, then by place: the form, and for an item of a row the row. */
export type Facts = ReadonlyMap<string, ReadonlyMap<string, Fact>>;

/** What outcomes are computed from: who the subject is, and what the endpoints read of the casebook. */
export interface Course {
  /** Without what is in its forms, and about them. */
  readonly subject: Casebook;
  readonly facts: Facts;
}

export const beginning: Course = { subject: casebooks.initial, facts: new Map() };

/** What happens to the subject, and not in a form or a query: site, status, arm, version. */
const ABOUT_SUBJECT = /^(Subject|Arm|Definition)/;

interface FormAct {
  readonly visit: string;
  readonly form: string;
  readonly changes: readonly Change[];
}

/**
 * Folds an event of a casebook's stream. The course is the same object where no outcome can depend on it.
 *
 * @param read the items that the study's endpoints read
 */
export function evolveCourse(course: Course, event: RecordedEvent, read: ReadonlySet<string>): Course {
  const { visit, form, changes } = event.data as Partial<FormAct>;
  if (ABOUT_SUBJECT.test(event.type)) {
    return { ...course, subject: casebooks.evolve(course.subject, event) };
  }
  const relevant = changes?.filter(({ item }) => read.has(item)) ?? [];
  if (relevant.length === 0 || visit === undefined || form === undefined) return course;
  const facts = new Map(course.facts);
  for (const change of relevant) changeFact(facts, { visit, form }, change, event.position);
  return { ...course, facts };
}

function changeFact(
  facts: Map<string, ReadonlyMap<string, Fact>>,
  { visit, form }: Pick<Origin, 'visit' | 'form'>,
  { item, group, row, to }: Change,
  position: number,
): void {
  const places = new Map(facts.get(item));
  const place = row === undefined ? `${visit}/${form}` : `${visit}/${form}/${group}/${row}`;
  const value = to && 'value' in to ? to.value : undefined;
  if (typeof value === 'string' || Array.isArray(value)) {
    places.set(place, { visit, form, item, ...(group && { group }), ...(row && { row }), position, value });
  } else {
    places.delete(place);
  }
  facts.set(item, places);
}
