import type { Alias, Texts } from './texts.js';

/** What items are: their types, checks and codes, and the conditions and methods that references name. */

/** `decimal` is the float of ODM 1.3.2, whose values are xs:decimal; `float` (xs:float) is 2.0's. */
export type DataType =
  | 'text'
  | 'string'
  | 'integer'
  | 'decimal'
  | 'float'
  | 'double'
  | 'boolean'
  | 'date'
  | 'time'
  | 'datetime'
  | 'partialDate'
  | 'partialTime'
  | 'partialDatetime'
  | 'durationDatetime'
  | 'intervalDatetime'
  | 'incompleteDate'
  | 'incompleteTime'
  | 'incompleteDatetime'
  | 'URI'
  | 'hexBinary'
  | 'base64Binary'
  | 'hexFloat'
  | 'base64Float';

export interface ItemDef {
  oid: string;
  name: string;
  dataType: DataType;
  /** Characters or digits. */
  length?: number;
  /** 1.3.2, and so to `comment`. */
  significantDigits?: number;
  sasFieldName?: string;
  sdsVarName?: string;
  origin?: string;
  comment?: string;
  /** 2.0. */
  displayFormat?: string;
  /** 2.0. */
  variableSet?: string;
  description?: Texts;
  question?: Texts;
  /** 2.0, and so to `cdiscNotes`. */
  definition?: Texts;
  prompt?: Texts;
  completionInstructions?: Texts;
  implementationNotes?: Texts;
  cdiscNotes?: Texts;
  /** 1.3.2. */
  externalQuestion?: ExternalQuestion;
  /** 1.3.2. */
  measurementUnitOids?: string[];
  rangeChecks?: RangeCheck[];
  codeListOid?: string;
  /** 1.3.2. */
  roles?: string[];
  aliases?: Alias[];
}

export interface ExternalQuestion {
  dictionary?: string;
  version?: string;
  code?: string;
}

/** Either values with a comparator, or expressions that are true for good values. */
export interface RangeCheck {
  comparator?: 'LT' | 'LE' | 'GT' | 'GE' | 'EQ' | 'NE' | 'IN' | 'NOTIN';
  /** Required in 1.3.2. */
  softHard?: 'Soft' | 'Hard';
  /** 2.0: of the item that is checked, if another. */
  itemOid?: string;
  values?: string[];
  /** 2.0. */
  methodSignature?: MethodSignature;
  formalExpressions?: FormalExpression[];
  /** 1.3.2: of the values. */
  measurementUnitOid?: string;
  errorMessage?: Texts;
}

/** Either code as text, or, in 2.0, a function of a library. */
export interface FormalExpression {
  context?: string;
  code?: string;
  externalCodeLib?: ExternalCodeLib;
}

export interface ExternalCodeLib {
  library: string;
  method?: string;
  version?: string;
  ref?: string;
  href?: string;
}

export interface MethodSignature {
  parameters?: Parameter[];
  returnValues?: Parameter[];
}

export interface Parameter {
  name: string;
  dataType: DataType;
  definition?: string;
  orderNumber?: number;
}

/** Either items of its own, all of them with a decode or none, or a reference to another's list. */
export interface CodeList {
  oid: string;
  name: string;
  dataType: 'text' | 'string' | 'integer' | 'decimal';
  /** 1.3.2. */
  sasFormatName?: string;
  /** 2.0. */
  isNonStandard?: true;
  description?: Texts;
  items?: CodeListItem[];
  external?: ExternalCodeList;
  aliases?: Alias[];
}

/** In 1.3.2 one without a decode is an EnumeratedItem. */
export interface CodeListItem {
  codedValue: string;
  /** A decimal number. */
  rank?: string;
  orderNumber?: number;
  /** 2.0. */
  other?: true;
  /** 2.0. */
  extendedValue?: true;
  /** 2.0. */
  description?: Texts;
  decode?: Texts;
  aliases?: Alias[];
}

/** In 2.0 a Coding of the code list. */
export interface ExternalCodeList {
  dictionary?: string;
  version?: string;
  href?: string;
  ref?: string;
  /** 2.0: the system's URI, where it is not `href`. */
  system?: string;
}

export interface ConditionDef {
  oid: string;
  name: string;
  description: Texts;
  /** 2.0. */
  methodSignature?: MethodSignature;
  formalExpressions?: FormalExpression[];
  aliases?: Alias[];
}

export interface MethodDef extends ConditionDef {
  /** `Other` is 1.3.2's, `Preload` 2.0's. */
  type?: 'Computation' | 'Imputation' | 'Transpose' | 'Preload' | 'Other';
}
