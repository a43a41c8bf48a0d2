import { LRUCache } from 'lru-cache';
import type { ClientBase } from 'pg';
import { SUBJECTS } from '#casebook';
import type { Anew } from '#commands';
import { type Fold, type RecordedEvent, readStream } from '#event-store';
import type { Studies } from '#study';
import { grouped } from '#values';
import {
  itemsReadIn,
  type OutcomeRow,
  outcomeRows,
  replaceOutcomes,
  rowsOfCourse,
} from './outcome.projection.js';
import { beginning, type Course, evolveCourse } from './outcome-course.js';

const MOST_COURSES_CACHED = 5000;

/** A casebook's course up to a revision of its stream. */
interface Followed {
  readonly course: Course;
  readonly revision: number;
}

/**
 * Follows the log: recomputes the outcomes of every subject of whom an event could have changed them. The
 * courses so far are kept, so that a page costs what its own events cost; a course that is not kept, or is
 * behind because another node followed in between, is read from its stream.
 */
export function foldOutcomes(studies: Studies): Fold {
  const cache = new LRUCache<string, Followed>({ max: MOST_COURSES_CACHED });
  return async (client, log, events) => {
    const read = await itemsReadIn(studies, log);
    const touched = new Map<string, Course>();
    for (const [stream, own] of byStream(events)) {
      const key = JSON.stringify([log, stream, read.size]);
      const known = cache.get(key) ?? { course: beginning, revision: -1 };
      const missed = own[0]!.revision > known.revision + 1;
      const next = missed ? await readStream(client, log, stream, known.revision, own.at(-1)!.position) : own;
      const after = follow(known, next, read);
      cache.set(key, after);
      // A page that is folded again after a failure finds its events in the cache, but not in the rows.
      const again = own[0]!.revision <= known.revision;
      if (again || after.course !== known.course) touched.set(stream, after.course);
    }
    await writeRows(client, log, [...touched.values()], studies);
  };
}

/** The same from the whole log. */
export function outcomesAnew(studies: Studies): Anew {
  return async (log) => {
    const read = await itemsReadIn(studies, log);
    return {
      async rowsOf({ stream, events }) {
        if (!stream.startsWith(SUBJECTS)) return [];
        const { course } = follow({ course: beginning, revision: -1 }, events, read);
        const definition = await studies.version(log, course.subject.definition);
        return [{ model: outcomeRows, rows: rowsOfCourse(log, course, definition) }];
      },
    };
  };
}

function byStream(events: readonly RecordedEvent[]): Map<string, RecordedEvent[]> {
  return grouped(
    events.filter(({ stream }) => stream.startsWith(SUBJECTS)),
    ({ stream }) => stream,
  );
}

function follow(known: Followed, events: readonly RecordedEvent[], read: ReadonlySet<string>): Followed {
  const news = events.filter(({ revision }) => revision > known.revision);
  return {
    course: news.reduce((course, event) => evolveCourse(course, event, read), known.course),
    revision: news.at(-1)?.revision ?? known.revision,
  };
}

async function writeRows(
  client: ClientBase,
  log: string,
  courses: readonly Course[],
  studies: Studies,
): Promise<void> {
  const rows: OutcomeRow[] = [];
  for (const course of courses) {
    rows.push(...rowsOfCourse(log, course, await studies.version(log, course.subject.definition)));
  }
  const subjects = courses.map(({ subject }) => subject.subject);
  if (subjects.length > 0) await replaceOutcomes(client, log, subjects, rows);
}
