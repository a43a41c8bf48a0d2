import fc from 'fast-check';
import type { CodeList, OdmVersion, RangeCheck } from '#odm';
import { type Fields, list, name, positive, some, text, translated, uri, where, yes } from './arbitraries.js';

type Versions = readonly OdmVersion[];

const alias = some({ context: text, name: text });
export const aliases = { aliases: list(alias, 'context') };
export const described = { description: translated };
export const definition = { oid: text, name };

function dataTypes(versions: Versions) {
  const types = ['text', 'integer', 'decimal', 'double', 'boolean', 'partialDate', 'URI', 'hexFloat'];
  return fc.constantFrom(...types, ...(versions.includes('2.0') ? ['float'] : []));
}

export function item(versions: Versions) {
  return some(
    { ...definition, dataType: dataTypes(versions) },
    {
      length: positive,
      ...described,
      question: translated,
      rangeChecks: list(rangeCheck(versions)),
      codeListOid: name,
      ...aliases,
      ...where('1.3.2', versions, {
        significantDigits: fc.nat(9),
        sasFieldName: fc.constantFrom('AGE', '_1'),
        sdsVarName: fc.constantFrom('AGE'),
        origin: text,
        comment: text,
        externalQuestion: some({}, { dictionary: text, version: text, code: text }),
        measurementUnitOids: list(name),
        roles: list(text),
      }),
      ...where('2.0', versions, {
        displayFormat: text,
        variableSet: text,
        definition: translated,
        prompt: translated,
        completionInstructions: translated,
        implementationNotes: translated,
        cdiscNotes: translated,
      }),
    },
  );
}

function parameters() {
  return list(some({ name, dataType: dataTypes(['2.0']) }, { definition: text, orderNumber: positive }));
}

function signature(): Fields {
  return {
    methodSignature: some<{ parameters?: unknown; returnValues?: unknown }>(
      {},
      { parameters: parameters(), returnValues: parameters() },
    ).filter((value) => Object.keys(value).length > 0),
  };
}

function formalExpressions(versions: Versions) {
  const library = some({ library: name }, { method: name, version: text, ref: text, href: uri });
  const code = some({ code: text }, { context: text });
  const outside = some({ externalCodeLib: library }, { context: text });
  return list(versions.includes('2.0') ? fc.oneof(code, outside) : code);
}

export function expressions(versions: Versions): Fields {
  return {
    formalExpressions: formalExpressions(versions),
    ...aliases,
    ...where('2.0', versions, signature()),
  };
}

export function methodType(versions: Versions): Fields {
  const types = ['Computation', 'Imputation', 'Transpose'];
  const more = [
    ...(versions.includes('1.3.2') ? ['Other'] : []),
    ...(versions.includes('2.0') ? ['Preload'] : []),
  ];
  return { type: fc.constantFrom(...types, ...more) };
}

function rangeCheck(versions: Versions): fc.Arbitrary<RangeCheck> {
  const severity = { softHard: fc.constantFrom('Soft', 'Hard') };
  const always = versions.includes('2.0') ? {} : severity;
  const sometimes = {
    ...(versions.includes('2.0') && severity),
    comparator: fc.constantFrom('LT', 'GE', 'NOTIN'),
    errorMessage: translated,
    ...where('1.3.2', versions, { measurementUnitOid: name }),
    ...where('2.0', versions, { itemOid: name }),
  };
  return fc.oneof(
    some<RangeCheck>({ ...always, values: list(text) }, sometimes),
    some<RangeCheck>(
      { ...always, formalExpressions: formalExpressions(versions) },
      { ...sometimes, ...where('2.0', versions, signature()) },
    ),
  );
}

export function codeList(versions: Versions): fc.Arbitrary<CodeList> {
  const always = { ...definition, dataType: fc.constantFrom('text', 'string', 'integer', 'decimal') };
  const sometimes = {
    ...described,
    ...aliases,
    ...where('1.3.2', versions, { sasFormatName: fc.constantFrom('$SEX', 'YN.') }),
    ...where('2.0', versions, { isNonStandard: yes }),
  };
  const plainItem = {
    rank: fc.constantFrom('1', '-0.50', '12345678901234567890.5'),
    orderNumber: versions.includes('1.3.2') ? fc.integer({ min: 0, max: 9 }) : positive,
    ...aliases,
    ...where('2.0', versions, { other: yes, extendedValue: yes, ...described }),
  };
  const items = (of: fc.Arbitrary<unknown>) =>
    some<CodeList>({ ...always, items: list(of, 'codedValue', 'orderNumber') }, sometimes);
  const external = some(
    {},
    {
      dictionary: text,
      version: text,
      href: uri,
      ref: uri,
      ...where('2.0', versions, { system: fc.constant('https://example.org/system') }),
    },
  );
  return fc.oneof(
    items(some({ codedValue: text, decode: translated }, plainItem)),
    items(some({ codedValue: text }, plainItem)),
    some<CodeList>({ ...always, external }, sometimes),
    ...(versions.includes('2.0')
      ? [
          items(some({ codedValue: text }, { ...plainItem, decode: translated })),
          some<CodeList>(always, sometimes),
        ]
      : []),
  );
}
