import {
  type Annotation,
  type CodedFlag,
  type Flag,
  type Query,
  querySources,
  queryStates,
  queryTypes,
  type Traced,
} from './clinical.js';
import type { Context } from './grammar.js';
import { dateTime } from './lexical.js';
import type { Texts } from './texts.js';

/**
 * A query in ODM 1.3.2, which has none: an annotation whose comment is the query's text, and whose flags name each
 * attribute of ODM 2.0's Query (as the flag's type) with its value.
 */

/** The code list that the flags’ types are taken from. */
const QUERY_FLAGS = 'ODM.QUERY';

const attributes = {
  OID: 'oid',
  Source: 'source',
  Target: 'target',
  Type: 'type',
  State: 'state',
  LastUpdateDatetime: 'lastUpdate',
  Name: 'name',
} as const satisfies Record<string, keyof Query>;

/** The annotations with the queries after them. */
export function withQueryAnnotations<T extends Traced>(value: T, { lose }: Context): T {
  const { queries, ...rest } = value;
  if (!queries) return value;
  const annotations = value.annotations ?? [];
  const next = annotations.reduce((most, { seqNum }) => Math.max(most, seqNum), 0) + 1;
  if (queries.some(({ auditRecords }) => auditRecords)) {
    lose('an annotation, which stands for a query in ODM 1.3.2, has no history', 'Query/AuditRecord');
  }
  const asked = queries.map((query, index) => toAnnotation(query, next + index));
  return { ...rest, annotations: [...annotations, ...asked] } as unknown as T;
}

/** The queries apart from the annotations again. */
export function withoutQueryAnnotations<T extends Traced>(value: T): T {
  const { annotations, ...rest } = value;
  const queries = (annotations ?? []).map(toQuery).filter((query) => query !== undefined);
  if (queries.length === 0) return value;
  const others = annotations!.filter((annotation) => !toQuery(annotation));
  return { ...rest, ...(others.length > 0 && { annotations: others }), queries } as unknown as T;
}

function toAnnotation(query: Query, seqNum: number): Annotation {
  const flags = Object.entries(attributes).flatMap(([name, key]): Flag[] => {
    const text = query[key];
    if (text === undefined) return [];
    return [
      {
        value: { codeListOid: `${QUERY_FLAGS}.${name}`, text },
        type: { codeListOid: QUERY_FLAGS, text: name },
      },
    ];
  });
  return { seqNum, comment: { text: { '': query.text } }, flags };
}

function toQuery({ id, transactionType, comment, flags = [] }: Annotation): Query | undefined {
  const values = new Map(flags.filter(isQueryFlag).map(({ type, value }) => [type.text, value.text]));
  if (values.size === 0 || values.size < flags.length || id || transactionType) return undefined;
  if (!comment || comment.sponsorOrSite) return undefined;
  const [oid, source, type, state] = ['OID', 'Source', 'Type', 'State'].map((name) => values.get(name));
  const lastUpdate = values.get('LastUpdateDatetime') ?? '';
  if (!oid || !among(querySources, source) || !among(queryStates, state)) return undefined;
  if (dateTime.parse(lastUpdate) === undefined || (type !== undefined && !among(queryTypes, type)))
    return undefined;
  const target = values.get('Target');
  const name = values.get('Name');
  return {
    oid,
    source,
    ...(target !== undefined && { target }),
    ...(type !== undefined && { type }),
    state,
    lastUpdate,
    ...(name && { name }),
    text: plain(comment.text),
  };
}

function isQueryFlag(flag: Flag): flag is Flag & { type: CodedFlag } {
  return flag.type?.codeListOid === QUERY_FLAGS && Object.hasOwn(attributes, flag.type.text);
}

function among<V extends string>(values: readonly V[], value: string | undefined): value is V {
  return (values as readonly (string | undefined)[]).includes(value);
}

function plain(text: Texts): string {
  return text[''] ?? '';
}
