import { type Change, casebooks, type Held } from '#casebook';
import { advance } from '#commands';
import type { RecordedEvent } from '#event-store';
import { compile, type Definition, Lineage, shippedStudies } from '#study';
import type { Value } from '#tabular';
import { type Audience, type Dataset, type StudyAt, type SubjectAt, seenBy } from './dataset.js';

export const sinet = shippedStudies().find(({ study }) => study.oid === 'SINET')!;

/** A study of which these versions are published, from the first. */
export function studyOf(...definitions: readonly Definition[]): StudyAt {
  const versions = definitions.map((definition, at) => compile(definition, at + 1));
  return { oid: definitions[0]!.study.oid, versions, lineage: new Lineage(versions) };
}

type Entered = Readonly<Record<string, string | number | readonly string[] | Held | null>>;

/** The events of one subject, a minute and a position between two of them. */
export class SubjectEvents {
  private readonly events: RecordedEvent[] = [];

  constructor(readonly subject = 'FR01-0001') {
    this.add('SubjectEnrolled', { site: 'FR01', subject, consentDate: '2020-01-01', definition: 1 });
  }

  /** Values by item, a missing code as it is held, null for what is emptied; in a row where one is given. */
  enter(visit: string, form: string, values: Entered, place: Pick<Change, 'group' | 'row'> = {}): this {
    return this.add('ItemsEntered', { visit, form, first: false, changes: changes(values, place) });
  }

  correct(visit: string, form: string, values: Entered, text: string): this {
    const reason = { code: 'transcription-error', text };
    return this.add('ItemsCorrected', { visit, form, changes: changes(values, {}), reason });
  }

  allocate(arm: string): this {
    return this.add('ArmAllocated', { arm, date: '2020-01-09' });
  }

  add(type: string, data: object): this {
    const position = this.events.length;
    this.events.push({
      type,
      data,
      actor: { user: 'ada', role: 'coordinator' },
      log: 'SINET',
      position,
      recordedAt: new Date(Date.UTC(2020, 0, 1, 0, position)).toISOString(),
      revision: position,
      salt: '',
      schemaVersion: 1,
      stream: `subject/${this.subject}`,
    });
    return this;
  }

  at(): SubjectAt {
    const nothing = { state: casebooks.initial, revision: -1, position: -1 };
    return { casebook: advance(nothing, casebooks, this.events).state, events: this.events };
  }
}

function changes(values: Entered, place: Pick<Change, 'group' | 'row'>) {
  return Object.entries(values).map(([item, value]) => {
    const held = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { value };
    return { item, ...place, from: null, to: value === null ? null : held };
  });
}

export type Told = Readonly<Record<string, Value>> & { readonly key: string };

/** Rows as objects by the names of columns; none of a dataset that the audience is not given. */
export function recordsOf(dataset: Dataset, events: SubjectEvents, audience: Audience = 'unblinded'): Told[] {
  const seen = seenBy(dataset, audience);
  return (seen?.rows(events.at()) ?? []).map(({ key, cells }) => {
    const columns = seen!.table.columns.map(({ name }, at): [string, Value] => [name, cells[at]!]);
    return { key, ...Object.fromEntries(columns) };
  });
}
