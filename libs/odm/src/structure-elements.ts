import { attribute, child, children, content, element, type Field, v13, v20 } from './grammar.js';
import { codeList, conditionDef, itemDef, methodDef } from './item-elements.js';
import * as lex from './lexical.js';
import type {
  ArchiveLayout,
  FormDef,
  FormRef,
  ImputationMethod,
  Include,
  ItemGroupRef,
  ItemRef,
  MetaDataVersion,
  Presentation,
  Protocol,
  Repeating,
  StudyEventDef,
  StudyEventGroupDef,
  StudyEventGroupRef,
  StudyEventRef,
} from './model.js';
import { alias, attributeOrTexts, texts, uniqueAlias } from './shared-elements.js';
import {
  formsFromItemGroups,
  formsToItemGroups,
  groupsToProtocol,
  protocolFromGroup,
  protocolToGroup,
} from './version-structure.js';

const required = { required: true };

const refFields = [
  v13(attribute('orderNumber', 'OrderNumber', lex.integer)),
  v20(attribute('orderNumber', 'OrderNumber', lex.positive)),
  attribute('mandatory', 'Mandatory', lex.yesNo, required),
  attribute('collectionExceptionConditionOid', 'CollectionExceptionConditionOID', lex.name),
] as const;

const studyEventRef = element<StudyEventRef>('StudyEventRef', [
  attribute('studyEventOid', 'StudyEventOID', lex.name, required),
  ...refFields,
]);

const studyEventGroupRef = element<StudyEventGroupRef>('StudyEventGroupRef', [
  attribute('studyEventGroupOid', 'StudyEventGroupOID', lex.name, required),
  ...refFields,
  child('description', texts('Description')),
]);

const formRef13 = element<FormRef>('FormRef', [
  attribute('formOid', 'FormOID', lex.name, required),
  ...refFields,
  v20(attribute('methodOid', 'MethodOID', lex.name)),
]);

const formRef20 = element<FormRef>('ItemGroupRef', [
  attribute('formOid', 'ItemGroupOID', lex.name, required),
  attribute('methodOid', 'MethodOID', lex.name),
  ...refFields,
]);

const itemGroupRef = element<ItemGroupRef>('ItemGroupRef', [
  attribute('itemGroupOid', 'ItemGroupOID', lex.name, required),
  v20(attribute('methodOid', 'MethodOID', lex.name)),
  ...refFields,
]);

const itemRef = element<ItemRef>('ItemRef', [
  attribute('itemOid', 'ItemOID', lex.name, required),
  v13(attribute('keySequence', 'KeySequence', lex.integer)),
  v20(attribute('keySequence', 'KeySequence', lex.positive)),
  v20(attribute('isNonStandard', 'IsNonStandard', lex.yesOnly)),
  v20(attribute('hasNoData', 'HasNoData', lex.yesOnly)),
  attribute('methodOid', 'MethodOID', lex.name),
  v13(attribute('imputationMethodOid', 'ImputationMethodOID', lex.name)),
  v20(attribute('unitsItemOid', 'UnitsItemOID', lex.name)),
  v20(attribute('repeat', 'Repeat', lex.yesOnly)),
  v20(attribute('other', 'Other', lex.yesOnly)),
  attribute('role', 'Role', lex.text),
  attribute('roleCodeListOid', 'RoleCodeListOID', lex.name),
  v20(attribute('core', 'Core', lex.oneOf('Cond', 'Exp', 'Perm', 'Req', 'HR', 'O', 'R/C'))),
  v20(attribute('preSpecifiedValue', 'PreSpecifiedValue', lex.text)),
  ...refFields,
]);

const protocol = element<Protocol>(
  'Protocol',
  [
    child('description', texts('Description')),
    v13(children('studyEventRefs', studyEventRef)),
    v20(children('studyEventGroupRefs', studyEventGroupRef)),
    children('aliases', alias),
  ],
  { unique: [['StudyEventRef', 'StudyEventOID'], ['StudyEventRef', 'OrderNumber'], uniqueAlias] },
);

const studyEventGroupDef = element<StudyEventGroupDef>('StudyEventGroupDef', [
  attribute('oid', 'OID', lex.name, required),
  attribute('name', 'Name', lex.name, required),
  child('description', texts('Description')),
  children('studyEventGroupRefs', studyEventGroupRef),
  children('studyEventRefs', studyEventRef),
]);

const studyEventDef = element<StudyEventDef>(
  'StudyEventDef',
  [
    attribute('oid', 'OID', lex.name, required),
    attribute('name', 'Name', lex.name, required),
    attribute('repeating', 'Repeating', lex.yesNo, required),
    attribute('type', 'Type', lex.oneOf('Scheduled', 'Unscheduled', 'Common'), required),
    attribute('category', 'Category', lex.text),
    child('description', texts('Description')),
    v13(children('formRefs', formRef13)),
    v20(children('formRefs', formRef20)),
    children('aliases', alias),
  ],
  {
    unique: [
      ['FormRef', 'FormOID'],
      ['FormRef', 'OrderNumber'],
      ['ItemGroupRef', 'ItemGroupOID'],
      ['ItemGroupRef', 'OrderNumber'],
      uniqueAlias,
    ],
  },
);

const repeating: readonly Field<'repeating', Repeating>[] = [
  v13(
    attribute(
      'repeating',
      'Repeating',
      lex.spelled<Repeating>([
        ['No', 'No'],
        ['Simple', 'Yes'],
      ]),
      { required: true, otherwise: 'Yes' },
    ),
  ),
  v20(attribute('repeating', 'Repeating', lex.oneOf('No', 'Simple', 'Dynamic', 'Static'), required)),
];

const archiveLayout = element<ArchiveLayout>('ArchiveLayout', [
  attribute('oid', 'OID', lex.name, required),
  attribute('pdfFileName', 'PdfFileName', lex.uri, required),
  attribute('presentationOid', 'PresentationOID', lex.name),
]);

/** ODM 1.3.2's; in 2.0 a form is an item group. */
const formDef = element<FormDef>(
  'FormDef',
  [
    attribute('oid', 'OID', lex.name, required),
    attribute('name', 'Name', lex.name, required),
    ...repeating,
    child('description', texts('Description')),
    children('itemGroupRefs', itemGroupRef),
    v20(children('itemRefs', itemRef)),
    children('archiveLayouts', archiveLayout),
    children('aliases', alias),
  ],
  {
    unique: [
      ['ItemGroupRef', 'ItemGroupOID'],
      ['ItemGroupRef', 'OrderNumber'],
      ['ArchiveLayout', 'OID'],
      uniqueAlias,
    ],
  },
);

const itemGroupDef = element<FormDef>(
  'ItemGroupDef',
  [
    attribute('oid', 'OID', lex.name, required),
    attribute('name', 'Name', lex.name, required),
    ...repeating,
    v20(attribute('repeatingLimit', 'RepeatingLimit', lex.positive)),
    attribute('isReferenceData', 'IsReferenceData', lex.yesNo),
    v20(attribute('structure', 'Structure', lex.text)),
    v13(attribute('sasDatasetName', 'SASDatasetName', lex.sasName)),
    v20(attribute('datasetName', 'DatasetName', lex.name)),
    attribute('domain', 'Domain', lex.text),
    v13(attribute('origin', 'Origin', lex.text)),
    v13(attribute('role', 'Role', lex.name)),
    v20(attribute('type', 'Type', lex.text, required)),
    attribute('purpose', 'Purpose', lex.text),
    v13(attribute('comment', 'Comment', lex.text)),
    v20(attribute('isNonStandard', 'IsNonStandard', lex.yesOnly)),
    v20(attribute('hasNoData', 'HasNoData', lex.yesOnly)),
    child('description', texts('Description')),
    v20(children('itemGroupRefs', itemGroupRef)),
    children('itemRefs', itemRef),
    v13(children('archiveLayouts', archiveLayout)),
    children('aliases', alias),
  ],
  {
    unique: [['ItemRef', 'ItemOID'], ['ItemRef', 'OrderNumber'], ['ItemRef', 'KeySequence'], uniqueAlias],
  },
);

const include = element<Include>('Include', [
  attribute('studyOid', 'StudyOID', lex.name, required),
  attribute('metaDataVersionOid', 'MetaDataVersionOID', lex.name, required),
  v20(attribute('href', 'href', lex.uri)),
]);

const imputationMethod = element<ImputationMethod>('ImputationMethod', [
  attribute('oid', 'OID', lex.name, required),
  content('text', lex.text),
]);

const presentation = element<Presentation>('Presentation', [
  attribute('oid', 'OID', lex.name, required),
  attribute('lang', 'xml:lang', lex.language),
  content('text', lex.text),
]);

const always = { always: true };

export const metaDataVersion = element<MetaDataVersion>(
  'MetaDataVersion',
  [
    attribute('oid', 'OID', lex.name, required),
    attribute('name', 'Name', lex.name, required),
    ...attributeOrTexts('description', 'Description'),
    child('include', include),
    child('protocol', protocol),
    v20(children('studyEventGroups', studyEventGroupDef)),
    children('studyEvents', studyEventDef, always),
    v13(children('forms', formDef, always)),
    children('itemGroups', itemGroupDef, always),
    children('items', itemDef, always),
    children('codeLists', codeList, always),
    v13(children('imputationMethods', imputationMethod)),
    v13(children('presentations', presentation)),
    children('conditions', conditionDef, always),
    children('methods', methodDef, always),
  ],
  {
    unique: [['*', 'OID']],
    read(raw, { version }) {
      const value = raw as unknown as MetaDataVersion;
      return version === '2.0' ? protocolFromGroup(formsFromItemGroups(value)) : value;
    },
    write(value, context) {
      const written =
        context.version === '2.0'
          ? protocolToGroup(formsToItemGroups(value))
          : groupsToProtocol(value, context);
      return { ...written };
    },
  },
);
