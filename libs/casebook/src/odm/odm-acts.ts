import type { RecordedEvent } from '#event-store';
import { Problem } from '#problem';
import { formKey } from '../address.js';
import type { OdmAct } from './odm-entry.js';

/** What entering a document has made of a subject so far: what its further acts are about. */
export class OdmSubject {
  constructor(
    /** Here; undefined as long as it is not enrolled. */
    public key: string | undefined = undefined,
    private readonly forms: ReadonlySet<string> = new Set(),
    /** Ours, by what the document calls them. */
    private readonly queries: ReadonlyMap<string, string> = new Map(),
  ) {}

  /** The subject once an act made these events. */
  after(act: OdmAct, [first]: readonly RecordedEvent[]): OdmSubject {
    if (!first) return this;
    const { key, forms, queries } = this;
    const made = first.data as { subject: string; query: string };
    switch (act.act) {
      case 'EnrolSubject':
        return new OdmSubject(made.subject, forms, queries);
      case 'EnterForm':
        return new OdmSubject(key, new Set([...forms, formKey(act.command)]), queries);
      case 'RaiseQuery':
        return new OdmSubject(key, forms, new Map([...queries, [act.odmQuery, made.query]]));
      default:
        return this;
    }
  }

  /** Whether an act goes on with what the document itself entered before. */
  continues(act: OdmAct): boolean {
    return act.act === 'EnterForm' && this.forms.has(formKey(act.command));
  }

  /** The command that an act is. @throws Problem not-found, invalid-value */
  commandOf(act: OdmAct): object {
    if (act.act === 'EnrolSubject') return act.command;
    const subject = this.key;
    if (subject === undefined) throw new Problem('not-found', 'The subject was not enrolled.');
    if (!('odmQuery' in act)) return { ...act.command, subject };
    const text = act.act === 'RaiseQuery' ? act.command.text : act.text;
    refuseText(text);
    if (act.act === 'RaiseQuery') return { ...act.command, subject };
    const query = this.queries.get(act.odmQuery);
    if (query === undefined) throw new Problem('not-found', 'The query was not raised.');
    return { query, text };
  }
}

/** Code points, as of every query. */
const LONGEST_QUERY = 2000;

/** @throws Problem invalid-value */
function refuseText(text: string): void {
  const length = [...text].length;
  if (length >= 1 && length <= LONGEST_QUERY) return;
  throw new Problem('invalid-value', `The text of a query has 1 to ${LONGEST_QUERY} characters.`);
}

/** An act as a report of an import names it. */
export function nameOf(act: OdmAct): string {
  if (act.act === 'EnterForm') return `form ${formKey(act.command)}`;
  return 'odmQuery' in act ? `${act.act} ${act.odmQuery}` : act.act;
}
