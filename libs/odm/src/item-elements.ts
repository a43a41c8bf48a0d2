import { attribute, child, children, content, element, v13, v20 } from './grammar.js';
import type {
  CodeList,
  CodeListItem,
  ConditionDef,
  DataType,
  ExternalCodeLib,
  ExternalCodeList,
  ExternalQuestion,
  FormalExpression,
  ItemDef,
  MethodDef,
  MethodSignature,
  Parameter,
  RangeCheck,
} from './item-model.js';
import * as lex from './lexical.js';
import { alias, reference, textElement, texts, uniqueAlias } from './shared-elements.js';

const required = { required: true };

const sameTypes = [
  'text',
  'string',
  'integer',
  'double',
  'boolean',
  'date',
  'time',
  'datetime',
  'partialDate',
  'partialTime',
  'partialDatetime',
  'durationDatetime',
  'intervalDatetime',
  'incompleteDate',
  'incompleteTime',
  'incompleteDatetime',
  'URI',
  'hexBinary',
  'base64Binary',
  'hexFloat',
  'base64Float',
] as const;
const same = sameTypes.map((type): [DataType, string] => [type, type]);
const dataType13 = lex.spelled<DataType>([...same, ['decimal', 'float']]);
const dataType20 = lex.spelled<DataType>([...same, ['decimal', 'decimal'], ['float', 'float']]);

function parameter(name: string) {
  return element<Parameter>(name, [
    attribute('name', 'Name', lex.name, required),
    attribute('dataType', 'DataType', dataType20, required),
    attribute('definition', 'Definition', lex.text),
    attribute('orderNumber', 'OrderNumber', lex.positive),
  ]);
}

const methodSignature = element<MethodSignature>(
  'MethodSignature',
  [children('parameters', parameter('Parameter')), children('returnValues', parameter('ReturnValue'))],
  { read: (raw) => (raw.parameters || raw.returnValues ? raw : undefined) },
);

const externalCodeLib = element<ExternalCodeLib>('ExternalCodeLib', [
  attribute('library', 'Library', lex.name, required),
  attribute('method', 'Method', lex.name),
  attribute('version', 'Version', lex.text),
  attribute('ref', 'ref', lex.text),
  attribute('href', 'href', lex.uri),
]);

const formalExpression = element<FormalExpression>(
  'FormalExpression',
  [
    attribute('context', 'Context', lex.text),
    v13(content('code', lex.text)),
    v20(child('code', textElement('Code'))),
    v20(child('externalCodeLib', externalCodeLib)),
  ],
  {
    check: ({ code, externalCodeLib: library }) =>
      (code === undefined) === (library === undefined)
        ? 'FormalExpression has either Code or ExternalCodeLib.'
        : undefined,
  },
);

const rangeCheck = element<RangeCheck>(
  'RangeCheck',
  [
    attribute('comparator', 'Comparator', lex.oneOf('LT', 'LE', 'GT', 'GE', 'EQ', 'NE', 'IN', 'NOTIN')),
    v13(attribute('softHard', 'SoftHard', lex.oneOf('Soft', 'Hard'), { required: true, otherwise: 'Soft' })),
    v20(attribute('softHard', 'SoftHard', lex.oneOf('Soft', 'Hard'))),
    v20(attribute('itemOid', 'ItemOID', lex.name)),
    children('values', textElement('CheckValue')),
    v20(child('methodSignature', methodSignature)),
    children('formalExpressions', formalExpression),
    v13(child('measurementUnitOid', reference('MeasurementUnitRef', 'MeasurementUnitOID'))),
    child('errorMessage', texts('ErrorMessage')),
  ],
  {
    check: ({ values, formalExpressions, methodSignature: signature }) =>
      (values === undefined) === (formalExpressions === undefined) || (values && signature)
        ? 'RangeCheck has either CheckValue or FormalExpression.'
        : undefined,
  },
);

const externalQuestion = element<ExternalQuestion>('ExternalQuestion', [
  attribute('dictionary', 'Dictionary', lex.text),
  attribute('version', 'Version', lex.text),
  attribute('code', 'Code', lex.text),
]);

export const itemDef = element<ItemDef>(
  'ItemDef',
  [
    attribute('oid', 'OID', lex.name, required),
    attribute('name', 'Name', lex.name, required),
    v13(attribute('dataType', 'DataType', dataType13, { required: true, otherwise: 'double' })),
    v20(attribute('dataType', 'DataType', dataType20, required)),
    attribute('length', 'Length', lex.positive),
    v13(attribute('significantDigits', 'SignificantDigits', lex.nonNegative)),
    v13(attribute('sasFieldName', 'SASFieldName', lex.sasName)),
    v13(attribute('sdsVarName', 'SDSVarName', lex.sasName)),
    v13(attribute('origin', 'Origin', lex.text)),
    v13(attribute('comment', 'Comment', lex.text)),
    v20(attribute('displayFormat', 'DisplayFormat', lex.text)),
    v20(attribute('variableSet', 'VariableSet', lex.text)),
    child('description', texts('Description')),
    v20(child('definition', texts('Definition'))),
    child('question', texts('Question')),
    v20(child('prompt', texts('Prompt'))),
    v20(child('completionInstructions', texts('CRFCompletionInstructions'))),
    v20(child('implementationNotes', texts('ImplementationNotes'))),
    v20(child('cdiscNotes', texts('CDISCNotes'))),
    v13(child('externalQuestion', externalQuestion)),
    v13(children('measurementUnitOids', reference('MeasurementUnitRef', 'MeasurementUnitOID'))),
    children('rangeChecks', rangeCheck),
    child('codeListOid', reference('CodeListRef', 'CodeListOID')),
    v13(children('roles', textElement('Role'))),
    children('aliases', alias),
  ],
  { unique: [uniqueAlias] },
);

const codeListItemFields = [
  attribute('codedValue', 'CodedValue', lex.text, required),
  attribute('rank', 'Rank', lex.decimal),
  v13(attribute('orderNumber', 'OrderNumber', lex.integer)),
  v20(attribute('orderNumber', 'OrderNumber', lex.positive)),
  v20(attribute('other', 'Other', lex.yesOnly)),
  v20(attribute('extendedValue', 'ExtendedValue', lex.yesOnly)),
  v20(child('description', texts('Description'))),
] as const;

const codeListItem = element<CodeListItem>(
  'CodeListItem',
  [
    ...codeListItemFields,
    v13(child('decode', texts('Decode'), required)),
    v20(child('decode', texts('Decode'))),
    children('aliases', alias),
  ],
  { unique: [uniqueAlias], fits: ({ decode }) => decode !== undefined },
);

const enumeratedItem = element<CodeListItem>(
  'EnumeratedItem',
  [...codeListItemFields, children('aliases', alias)],
  {
    unique: [uniqueAlias],
  },
);

const externalCodeList = element<ExternalCodeList>('ExternalCodeList', [
  attribute('dictionary', 'Dictionary', lex.text),
  attribute('version', 'Version', lex.text),
  attribute('href', 'href', lex.uri),
  attribute('ref', 'ref', lex.text),
  v20(attribute('system', 'System', lex.uri)),
]);

/** ODM 2.0 names an external code list by a Coding, whose required System is the URI if nothing else is said. */
const coding = element<ExternalCodeList>(
  'Coding',
  [
    attribute('dictionary', 'SystemName', lex.text),
    attribute('version', 'SystemVersion', lex.text),
    attribute('href', 'href', lex.uri),
    attribute('ref', 'ref', lex.uri),
    attribute('system', 'System', lex.uri, required),
  ],
  {
    read({ system, ...raw }) {
      return system === (raw.href ?? '') ? raw : { ...raw, system: system as string };
    },
    write: (value) => ({ ...value, system: value.system ?? value.href ?? '' }),
    leave: (attributes) => (attributes.has('Code') ? 'a code of the list' : undefined),
  },
);

export const codeList = element<CodeList>(
  'CodeList',
  [
    attribute('oid', 'OID', lex.name, required),
    attribute('name', 'Name', lex.name, required),
    v13(
      attribute(
        'dataType',
        'DataType',
        lex.spelled<CodeList['dataType']>([
          ['text', 'text'],
          ['string', 'string'],
          ['integer', 'integer'],
          ['decimal', 'float'],
        ]),
        required,
      ),
    ),
    v20(attribute('dataType', 'DataType', lex.oneOf('text', 'string', 'integer', 'decimal'), required)),
    v13(attribute('sasFormatName', 'SASFormatName', lex.sasFormat)),
    v20(attribute('isNonStandard', 'IsNonStandard', lex.yesOnly)),
    child('description', texts('Description')),
    v13(children('items', [codeListItem, enumeratedItem])),
    v20(children('items', { ...codeListItem, rules: { unique: [uniqueAlias] } })),
    v13(child('external', externalCodeList)),
    v20(child('external', coding)),
    children('aliases', alias),
  ],
  {
    unique: [
      ['CodeListItem', 'CodedValue'],
      ['CodeListItem', 'OrderNumber'],
      ['EnumeratedItem', 'CodedValue'],
      ['EnumeratedItem', 'OrderNumber'],
      uniqueAlias,
    ],
    check({ items, external }) {
      return items && external
        ? 'CodeList has items of its own or refers to another’s, not both.'
        : undefined;
    },
    write(value, { version, lose }) {
      if (version === '2.0') return { ...value };
      const { items = [], external } = value;
      if (items.length === 0 && !external) {
        lose('ODM 1.3.2 has no empty code list; an external one was written', 'CodeListItem');
        return { ...value, external: {} };
      }
      const undecoded = items.filter(({ decode }) => !decode).length;
      if (undecoded === 0 || undecoded === items.length) return { ...value };
      lose('in ODM 1.3.2 all items have a decode or none; the codes were written as decodes', 'Decode');
      return {
        ...value,
        items: items.map((item) => ({ ...item, decode: item.decode ?? { '': item.codedValue } })),
      };
    },
  },
);

const conditionFields = [
  attribute('oid', 'OID', lex.name, required),
  attribute('name', 'Name', lex.name, required),
  child('description', texts('Description'), required),
  v20(child('methodSignature', methodSignature, { required: true, blank: true })),
  children('formalExpressions', formalExpression),
  children('aliases', alias),
] as const;

export const conditionDef = element<ConditionDef>('ConditionDef', conditionFields, { unique: [uniqueAlias] });

export const methodDef = element<MethodDef>(
  'MethodDef',
  [
    v13(attribute('type', 'Type', lex.oneOf('Computation', 'Imputation', 'Transpose', 'Other'))),
    v20(attribute('type', 'Type', lex.oneOf('Computation', 'Imputation', 'Transpose', 'Preload'))),
    ...conditionFields,
  ],
  { unique: [uniqueAlias] },
);
