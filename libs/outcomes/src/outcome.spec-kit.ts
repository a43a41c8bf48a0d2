import type { Change } from '#casebook';
import type { RecordedEvent } from '#event-store';
import { beginning, type Course, evolveCourse } from './outcome-course.js';

type Values = Readonly<Record<string, string | readonly string[] | null>>;

/** Events of one subject's stream, as they would stand in a log where nothing else happens. */
export class CourseEvents {
  readonly events: RecordedEvent[] = [];

  constructor(subject = 'FR01-0001') {
    this.add('SubjectEnrolled', { subject, site: 'FR01', consentDate: '2020-01-01', definition: 1 });
  }

  allocate(arm: string): this {
    return this.add('ArmAllocated', { arm, date: '2020-01-10' });
  }

  /** Values by item, null for one that is emptied; in a row of a group where one is given. */
  enter(visit: string, form: string, values: Values, place: Pick<Change, 'group' | 'row'> = {}): this {
    const changes = Object.entries(values).map(([item, value]) => ({
      item,
      ...place,
      from: null,
      to: value === null ? null : { value },
    }));
    return this.add('ItemsEntered', { visit, form, first: false, changes });
  }

  add(type: string, data: object): this {
    const place = this.events.length;
    this.events.push({
      type,
      data,
      actor: { user: 'u', role: 'coordinator' },
      log: 'SINET',
      position: 100 + place,
      recordedAt: '2026-01-01T00:00:00.000Z',
      revision: place,
      salt: '',
      schemaVersion: 1,
      stream: 'subject/FR01-0001',
    });
    return this;
  }

  course(read: Iterable<string>): Course {
    const items = new Set(read);
    return this.events.reduce((course, event) => evolveCourse(course, event, items), beginning);
  }
}
