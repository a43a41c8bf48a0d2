import type { QueryTimes } from '#study';
import { standingOf } from './query-due.js';
import { itemsOf, type QueryMessage, type QueryState } from './query-state.js';

/** Where a query belongs, and how it is looked at. */
export interface QueryContext {
  readonly site: string;
  readonly subject: string;
  /** Instant from which its age is counted back. */
  readonly at: string;
  readonly times: QueryTimes;
  /** Of people, by their ids. */
  readonly names: ReadonlyMap<string, string>;
}

/** A query with its thread, as the API tells it. */
export function viewQuery(state: QueryState, { site, subject, at, times, names }: QueryContext) {
  const { query, visit, form, item, group, row, text, check, status, raisedAt, changedAt, messages } = state;
  return {
    query,
    subjectKey: subject,
    site,
    visit,
    form,
    item,
    group,
    rowKey: row,
    items: itemsOf(state),
    text,
    status,
    origin: check === undefined ? 'person' : 'check',
    check,
    ...standingOf(state, times, at),
    raisedAt,
    changedAt,
    messages: messages.map((message) => viewMessage(message, names)),
  };
}

function viewMessage({ type, by, role, at, text }: QueryMessage, names: ReadonlyMap<string, string>) {
  const byName = names.get(by);
  return { type, by, ...(byName !== undefined && { byName }), ...(role && { role }), at, text };
}

/** Those whose names a view tells. */
export const writersOf = ({ messages }: QueryState) => messages.map(({ by }) => by);
