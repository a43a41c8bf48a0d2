import type { Query, Tally } from '#odm';
import type { FormAddress, ItemAddress } from '../address.js';
import type { RaiseQuery } from '../query/query.js';

/** `odmQuery` is what the document calls the query. */
export type OdmQueryAct =
  | { readonly act: 'RaiseQuery'; readonly odmQuery: string; readonly command: Omit<RaiseQuery, 'subject'> }
  | {
      readonly act: 'AnswerQuery' | 'CloseQuery' | 'ReopenQuery' | 'CancelQuery';
      readonly odmQuery: string;
      readonly text: string;
    };

type Move = Exclude<OdmQueryAct['act'], 'RaiseQuery'>;

/** What brings a query that is there into another state. */
const moves: Readonly<Record<Query['state'], Move | undefined>> = {
  Candidate: undefined,
  Open: 'ReopenQuery',
  Answered: 'AnswerQuery',
  Closed: 'CloseQuery',
  Resolved: 'CloseQuery',
  Cancelled: 'CancelQuery',
};

/** Reads the queries of a document, each of which may occur once for each state that it was in. */
export class OdmQueries {
  private readonly states = new Map<string, Query['state']>();

  constructor(private readonly tally: Tally) {}

  acts(subject: string, at: FormAddress & Partial<ItemAddress>, query: Query): OdmQueryAct[] {
    if (query.type === 'System' || (query.type === undefined && query.source === 'System'))
      return this.note('@Type', 'the edit checks raise their queries themselves');
    const { oid: odmQuery, state, text } = query;
    const name = `${subject} ${odmQuery}`;
    const before = this.states.get(name);
    const move = moves[state];
    if (before === undefined && state !== 'Open')
      return this.note('@State', `a query that is ${state} from the start is not raised`);
    if (move === undefined || before === state)
      return this.note('Value', 'a further message of a query is not carried');
    this.states.set(name, state);
    if (before === undefined) return [{ act: 'RaiseQuery', odmQuery, command: { ...at, text } }];
    return [{ act: move, odmQuery, text }];
  }

  /** For those that are neither on a form nor on an item. */
  leave(queries: readonly Query[] = []): void {
    for (const _ of queries) this.note('@Target', 'only queries on forms and items are raised');
  }

  private note(part: string, reason: string): [] {
    this.tally.add([{ name: 'ODM' }, { name: 'ClinicalData' }, { name: 'Query' }], part, reason);
    return [];
  }
}
