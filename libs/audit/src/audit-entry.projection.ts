import { type Casebook, itemsOf, SUBJECTS, subjectOf } from '#casebook';
import type { Anew } from '#commands';
import type { Fold, ReadModel, RecordedEvent } from '#event-store';
import { isVerification } from './event-words.js';

export const auditEntryRows: ReadModel = {
  table: 'audit_entry',
  columns: ['study', 'position', 'recorded', 'actor', 'type', 'site', 'subject', 'visit', 'form', 'items'],
  key: ['study', 'position'],
};

/** Where an event belongs, as far as the event itself tells. */
interface Located {
  readonly site?: string;
  readonly visit?: string;
  readonly form?: string;
  readonly item?: string;
  readonly query?: string;
  readonly changes?: readonly { readonly item: string }[];
  /** Of what is verified or not any more; a query's are plain names. */
  readonly items?: readonly { readonly item: string }[];
}

/** The site from which the subject's next transfer took it; of most there is none, and nothing is looked for. */
const SITE_THEN = `CASE WHEN EXISTS (SELECT FROM departure d WHERE d.study = $1 AND d.subject = e.subject) THEN (
  SELECT t.entry::json->'data'->>'from' FROM event t
  WHERE t.log = $1 AND t.stream = 'subject/' || e.subject AND t.type = 'SubjectTransferred'
    AND t.position >= e.position
  ORDER BY t.position LIMIT 1) END`;

/**
 * Follows every log: one row an event, with what the audit trail is filtered by. A subject's site
 * at the time, and the place of a query that an event only names, are in the read models written in the event's own transaction.
 */
export function foldAudit(): Fold {
  return async (client, log, events) => {
    await client.query({
      name: 'audit entries',
      text: `
        INSERT INTO audit_entry (study, position, recorded, actor, type, site, subject, visit, form, items)
        SELECT $1, e.position, e.recorded, e.actor, e.type, coalesce(e.site, ${SITE_THEN}, s.site), e.subject,
          coalesce(e.visit, q.visit), coalesce(e.form, q.form), coalesce(q.items, e.items)
        FROM json_to_recordset($2) AS e(position bigint, recorded timestamptz, actor text, type text, site text,
               subject text, visit text, form text, items text[], query integer)
          LEFT JOIN subject s ON s.study = $1 AND s.subject = e.subject
          LEFT JOIN query q ON q.study = $1 AND q.subject = e.subject AND q.number = e.query`,
      values: [log, JSON.stringify(events.map(numbered))],
    });
  };
}

/** The same from the whole log: where a subject was, and what a query is about, is in its own stream. */
export function auditAnew(): Anew {
  return async (log) => ({
    async rowsOf({ stream, events, state }) {
      const { queries = {} } = stream.startsWith(SUBJECTS) ? (state as Casebook) : {};
      let site: string | undefined;
      const rows = events.map((event) => {
        const entry = entryOf(event);
        const { position, recorded, actor, type, subject, query } = entry;
        const about = query === null ? undefined : queries[query];
        const row = {
          ...{ study: log, position, recorded, actor, type, subject },
          site: entry.site ?? site,
          visit: entry.visit ?? about?.visit,
          form: entry.form ?? about?.form,
          items: about ? itemsOf(about) : entry.items,
        };
        site = siteAfter(event) ?? site;
        return row;
      });
      return [{ model: auditEntryRows, rows }];
    },
  });
}

function siteAfter({ type, data }: RecordedEvent): string | undefined {
  if (type === 'SubjectEnrolled') return (data as Located).site;
  return type === 'SubjectTransferred' ? (data as { to: string }).to : undefined;
}

function entryOf({ position, recordedAt, actor, type, stream, data }: RecordedEvent) {
  const { site, visit, form, item, query, changes = verifiedItems(type, data as Located) } = data as Located;
  const items = changes ? new Set(changes.map((change) => change.item)) : item === undefined ? [] : [item];
  return {
    position,
    recorded: recordedAt,
    actor: 'user' in actor ? actor.user : actor.system,
    type,
    site,
    subject: subjectOf(stream) ?? null,
    visit,
    form,
    items: [...items],
    // What is entered because of a query has places of its own.
    query: query === undefined || changes ? null : query,
  };
}

function numbered(event: RecordedEvent) {
  const entry = entryOf(event);
  return { ...entry, query: entry.query && Number(/-Q(\d+)$/.exec(entry.query)?.[1]) };
}

/** The items that an event verifies, or whose verification it ends. */
function verifiedItems(type: string, { items }: Located): Located['items'] {
  return isVerification(type) ? items : undefined;
}
