import type { FormData, ItemData, ItemGroupData, StudyEventData, SubjectData, Traced } from './clinical.js';
import { odmElement } from './document-elements.js';
import {
  attribute,
  type Context,
  child,
  children,
  type Element,
  element,
  type Field,
  type Raw,
  type Rules,
  single,
  v13,
  v20,
} from './grammar.js';
import { itemData13, itemData20 } from './item-data-elements.js';
import * as lex from './lexical.js';
import { withoutQueryAnnotations, withQueryAnnotations } from './query-annotation.js';
import { annotation, auditRecord, query, signature, transactionType } from './record-elements.js';
import { reference } from './shared-elements.js';

const required = { required: true };

/** ODM 1.3.2 puts what is said of the data before them, 2.0 after. */
const before = [
  v13(child('auditRecord', auditRecord)),
  v13(child('signature', signature)),
  v13(children('annotations', annotation)),
] as const;
const after = [
  v20(child('auditRecord', auditRecord)),
  v20(child('signature', signature)),
  v20(children('annotations', annotation)),
  v20(children('queries', query)),
] as const;

function traced<T extends Traced>(write: (value: T, context: Context) => T = (value) => value): Rules<T> {
  return {
    read(raw, { version }) {
      const value = raw as unknown as T;
      return version === '2.0' ? value : withoutQueryAnnotations(value);
    },
    write(value, context): Raw {
      const written = write(value, context);
      const result = context.version === '2.0' ? written : withQueryAnnotations(written, context);
      return result as unknown as Raw;
    },
  };
}

/** ODM 1.3.2 does not let typed and untyped items stand in one group. */
function evenlyTyped<T extends { items?: ItemData[] }>(value: T, { version, lose }: Context): T {
  const { items = [] } = value;
  const typed = items.filter((item) => item.typed !== undefined).length;
  if (version === '2.0' || typed === 0 || typed === items.length) return value;
  lose('typed and untyped items cannot stand in one group; all were written untyped', 'ItemData');
  return { ...value, items: items.map(({ typed: _, ...item }) => item) };
}

const sequence = v20(attribute('sequence', 'ItemGroupDataSeq', lex.positive));
const items: readonly Field<'items', ItemData[]>[] = [
  v13(children('items', itemData13)),
  v20(children('items', itemData20)),
];

const itemGroupData: Element<ItemGroupData> = element<ItemGroupData>(
  'ItemGroupData',
  () => [
    attribute('itemGroupOid', 'ItemGroupOID', lex.name, required),
    attribute('repeatKey', 'ItemGroupRepeatKey', lex.name),
    transactionType,
    sequence,
    ...before,
    v20(children('itemGroups', itemGroupData)),
    ...items,
    ...after,
  ],
  traced(evenlyTyped),
);

const formData13 = element<FormData>(
  'FormData',
  [
    attribute('formOid', 'FormOID', lex.name, required),
    attribute('repeatKey', 'FormRepeatKey', lex.name),
    transactionType,
    sequence,
    child('auditRecord', auditRecord),
    child('signature', signature),
    child('archiveLayoutOid', reference('ArchiveLayoutRef', 'ArchiveLayoutOID')),
    children('annotations', annotation),
    children('itemGroups', itemGroupData),
    v20(children('items', itemData20)),
  ],
  traced(),
);

const formData20 = element<FormData>(
  'ItemGroupData',
  [
    attribute('formOid', 'ItemGroupOID', lex.name, required),
    attribute('repeatKey', 'ItemGroupRepeatKey', lex.name),
    transactionType,
    sequence,
    v13(child('archiveLayoutOid', reference('ArchiveLayoutRef', 'ArchiveLayoutOID'))),
    children('itemGroups', itemGroupData),
    children('items', itemData20),
    ...after,
  ],
  traced(),
);

const studyEventData = element<StudyEventData>(
  'StudyEventData',
  [
    attribute('studyEventOid', 'StudyEventOID', lex.name, required),
    attribute('repeatKey', 'StudyEventRepeatKey', lex.name),
    transactionType,
    ...before,
    v13(children('forms', formData13)),
    v20(children('forms', formData20)),
    ...after,
  ],
  traced(),
);

export const subjectData = element<SubjectData>(
  'SubjectData',
  [
    attribute('subjectKey', 'SubjectKey', lex.name, required),
    transactionType,
    v13(child('auditRecord', auditRecord)),
    v13(child('signature', signature)),
    child('investigatorOid', reference('InvestigatorRef', 'UserOID')),
    child('siteOid', reference('SiteRef', 'LocationOID')),
    v13(children('annotations', annotation)),
    children('studyEvents', studyEventData),
    ...after,
  ],
  traced(),
);

export const auditRecords = single('AuditRecords', children('value', auditRecord));
export const signatures = single('Signatures', children('value', signature));
export const annotations = single('Annotations', children('value', annotation));

export interface ClinicalData {
  studyOid: string;
  metaDataVersionOid: string;
}

/** Its children are read and written one by one, and so have no place in its value. */
interface ClinicalDataContent extends ClinicalData {
  subjects: SubjectData[];
  containers: unknown[];
}

export const clinicalData = element<ClinicalDataContent, ClinicalData>('ClinicalData', [
  attribute('studyOid', 'StudyOID', lex.name, required),
  attribute('metaDataVersionOid', 'MetaDataVersionOID', lex.name, required),
  children('subjects', subjectData),
  v13(children('containers', auditRecords as Element<unknown>)),
  v13(children('containers', signatures as Element<unknown>)),
  v13(children('containers', annotations as Element<unknown>)),
  v20(children('containers', auditRecord as Element<unknown>)),
  v20(children('containers', signature as Element<unknown>)),
  v20(children('containers', annotation as Element<unknown>)),
]);

/** The root of a document with clinical data. */
export const clinicalRoot = odmElement(children('', clinicalData as Element<never>) as Field<'', never>);
