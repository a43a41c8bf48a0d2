import {
  type Annotation,
  type AuditRecord,
  type CodedFlag,
  type Comment,
  type Flag,
  type Query,
  querySources,
  queryStates,
  queryTypes,
  type Signature,
} from './clinical.js';
import { attribute, child, children, content, type Element, element, v13, v20 } from './grammar.js';
import * as lex from './lexical.js';
import {
  byLanguage,
  plainTexts,
  reference,
  type TranslatedText,
  textElement,
  translatedText,
  translations,
} from './shared-elements.js';

/** What clinical data say of themselves: who changed them and why, who signed, what was remarked and asked. */

const required = { required: true };

export const transactionType = attribute(
  'transactionType',
  'TransactionType',
  lex.oneOf('Insert', 'Update', 'Remove', 'Upsert', 'Context'),
);

export const auditRecord = element<AuditRecord>('AuditRecord', [
  attribute('editPoint', 'EditPoint', lex.oneOf('Monitoring', 'DataManagement', 'DBAudit')),
  v13(attribute('usedMethod', 'UsedImputationMethod', lex.yesNo)),
  v20(attribute('usedMethod', 'UsedMethod', lex.yesNo)),
  v13(attribute('id', 'ID', lex.id)),
  child('userOid', reference('UserRef', 'UserOID'), required),
  child('locationOid', reference('LocationRef', 'LocationOID'), required),
  child('dateTimeStamp', textElement('DateTimeStamp', lex.dateTime), required),
  child('reasonForChange', textElement('ReasonForChange')),
  child('sourceId', textElement('SourceID')),
]);

export const signature = element<Signature>('Signature', [
  attribute('id', 'ID', lex.id),
  child('userOid', reference('UserRef', 'UserOID'), required),
  child('locationOid', reference('LocationRef', 'LocationOID'), required),
  child('signatureOid', reference('SignatureRef', 'SignatureOID'), required),
  child('dateTimeStamp', textElement('DateTimeStamp', lex.dateTime), required),
  v13(child('cryptoBindingManifest', textElement('CryptoBindingManifest'))),
]);

const sponsorOrSite = attribute('sponsorOrSite', 'SponsorOrSite', lex.oneOf('Sponsor', 'Site'));

const comment13 = element<Comment>('Comment', [sponsorOrSite, content('text', plainTexts)]);

const comment20 = element<{ sponsorOrSite?: 'Sponsor' | 'Site'; texts: TranslatedText[] }, Comment>(
  'Comment',
  [sponsorOrSite, children('texts', translatedText, required)],
  {
    read: ({ texts, ...rest }, context) => ({
      ...rest,
      text: byLanguage((texts ?? []) as TranslatedText[], context),
    }),
    write: ({ text, ...rest }) => ({ ...rest, texts: translations(text) }),
  },
);

function coded(name: string, spelling: lex.Lexical<string>): Element<CodedFlag> {
  return element<CodedFlag>(name, [
    attribute('codeListOid', 'CodeListOID', lex.name, required),
    content('text', spelling),
  ]);
}

const flag = element<Flag>('Flag', [
  v13(child('value', coded('FlagValue', lex.text), required)),
  v20(child('value', coded('FlagValue', lex.name), required)),
  child('type', coded('FlagType', lex.name)),
]);

export const annotation = element<Annotation>('Annotation', [
  v13(attribute('seqNum', 'SeqNum', lex.integer, required)),
  v20(attribute('seqNum', 'SeqNum', lex.positive, { required: true, otherwise: '1' })),
  transactionType,
  attribute('id', 'ID', lex.id),
  v13(child('comment', comment13)),
  v20(child('comment', comment20)),
  children('flags', flag),
]);

export interface NumberedValue {
  text: string;
  seqNum?: number;
}

export const numberedValue = element<NumberedValue>('Value', [
  attribute('seqNum', 'SeqNum', lex.positive),
  content('text', lex.text),
]);

export const query = element<Query>('Query', [
  attribute('oid', 'OID', lex.name, required),
  attribute('source', 'Source', lex.oneOf(...querySources), required),
  attribute('target', 'Target', lex.text),
  attribute('type', 'Type', lex.oneOf(...queryTypes)),
  attribute('state', 'State', lex.oneOf(...queryStates), required),
  attribute('lastUpdate', 'LastUpdateDatetime', lex.dateTime, required),
  attribute('name', 'Name', lex.name),
  child('text', textElement('Value'), required),
  children('auditRecords', auditRecord),
]);
