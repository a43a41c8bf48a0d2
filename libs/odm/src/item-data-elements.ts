import { isPartialDate } from '#values';
import { type ItemData, typedItemData } from './clinical.js';
import { attribute, child, children, content, type Element, element, type Raw, v13 } from './grammar.js';
import * as lex from './lexical.js';
import { withoutQueryAnnotations, withQueryAnnotations } from './query-annotation.js';
import {
  annotation,
  auditRecord,
  type NumberedValue,
  numberedValue,
  query,
  signature,
  transactionType,
} from './record-elements.js';
import { reference } from './shared-elements.js';

const required = { required: true };

const itemOid = attribute('itemOid', 'ItemOID', lex.name, required);
const isNull = attribute('isNull', 'IsNull', lex.yesOnly);

/** The one value that an item of ODM 1.3.2 has. */
const onlyValue: lex.Lexical<string[]> = {
  parse: (value) => [value],
  print([first, ...others], lose) {
    if (others.length > 0) lose('ODM 1.3.2 has one value to an item');
    return first;
  },
};

const untyped = element<ItemData>(
  'ItemData',
  [
    itemOid,
    transactionType,
    isNull,
    attribute('values', 'Value', onlyValue),
    child('auditRecord', auditRecord),
    child('signature', signature),
    child('measurementUnitOid', reference('MeasurementUnitRef', 'MeasurementUnitOID')),
    children('annotations', annotation),
  ],
  {
    read: (raw) => withoutQueryAnnotations(raw as unknown as ItemData),
    write: (value, context) => ({ ...withQueryAnnotations(value, context) }),
    fits: ({ typed }) => typed === undefined,
  },
);

interface ItemData20 extends Omit<ItemData, 'values'> {
  values?: NumberedValue[];
}

export const itemData20 = element<ItemData20, ItemData>(
  'ItemData',
  [
    itemOid,
    transactionType,
    isNull,
    v13(attribute('measurementUnitOid', 'MeasurementUnitOID', lex.name)),
    children('values', numberedValue),
    child('auditRecord', auditRecord),
    child('signature', signature),
    children('annotations', annotation),
    children('queries', query),
  ],
  {
    read(raw, { lose }) {
      const { values, ...rest } = raw as unknown as ItemData20;
      if (values?.some(({ seqNum }, index) => (seqNum ?? index + 1) !== index + 1)) {
        lose('the number of a value that is not its position', 'Value/@SeqNum');
      }
      return { ...rest, ...(values && { values: values.map(({ text }) => text) }) };
    },
    write({ values = [], ...rest }) {
      const numbered = (text: string, index: number) => ({ text, seqNum: index + 1 });
      const single = (text: string) => ({ text });
      return { ...rest, values: values.map(values.length > 1 ? numbered : single) };
    },
  },
);

type Kind = (typeof typedItemData)[number];

/** What the schema lets these hold; of the other kinds it is not checked. */
const shapes: Partial<Record<Kind, (value: string) => boolean>> = {
  URI: spells(lex.uri),
  Boolean: (value) => /^(true|false|0|1)$/.test(value),
  Integer: (value) => /^[+-]?\d+$/.test(value),
  Float: spells(lex.decimal),
  Double: (value) => /^([+-]?\d+(\.\d+)?([DdEe][+-]\d+)?|-?INF|NaN)$/.test(value),
  Date: spells(lex.date),
  Datetime: spells(lex.dateTime),
  HexBinary: (value) => /^([\da-f]{2})*$/i.test(value),
  HexFloat: (value) => /^([\da-f]{2}){0,16}$/i.test(value),
  PartialDate: (value) => value === '' || isPartialDate(value),
};

function spells({ print }: lex.Lexical<string>) {
  return (value: string) => print(value, () => {}) !== undefined;
}

function typedElement(kind: Kind): Element<ItemData> {
  return element<ItemData>(
    `ItemData${kind}`,
    [
      itemOid,
      transactionType,
      ...(kind === 'Any' ? [isNull] : []),
      v13(attribute('auditRecordId', 'AuditRecordID', lex.id)),
      v13(attribute('signatureId', 'SignatureID', lex.id)),
      v13(attribute('annotationId', 'AnnotationID', lex.id)),
      attribute('measurementUnitOid', 'MeasurementUnitOID', lex.name),
      content('values', onlyValue),
    ],
    {
      read: ({ values, ...rest }) => ({
        ...withValue(rest, values as string[]),
        typed: kind,
      }),
      write({ typed, ...rest }, { lose }) {
        if (typed !== kind) lose(`a value that is no ${typed}; it was written as ItemDataAny`);
        if (!rest.values && !rest.isNull) lose('a typed item has a value; an empty one was written');
        return rest;
      },
      fits({ typed, values }) {
        return typed === kind
          ? (shapes[kind]?.(values?.[0] ?? '') ?? true)
          : typed !== undefined && kind === 'Any';
      },
    },
  );
}

function withValue(rest: Raw, values: string[]): ItemData {
  const value = rest.isNull && values[0] === '' ? {} : { values };
  return { ...(rest as unknown as ItemData), ...value };
}

/** `Any` last: it takes what does not fit the others. */
export const itemData13: ReadonlyArray<Element<ItemData>> = [
  untyped,
  ...typedItemData.filter((kind) => kind !== 'Any').map(typedElement),
  typedElement('Any'),
];
