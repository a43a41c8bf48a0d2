import type { AdminData, Location, MetaDataVersionRef, SignatureDef, User } from './admin-model.js';
import {
  attribute,
  child,
  children,
  content,
  type Element,
  element,
  type Field,
  fixed,
  mapped,
  single,
  v13,
  v20,
} from './grammar.js';
import * as lex from './lexical.js';
import type { FileHeader, MeasurementUnit, OdmDocument, Study } from './model.js';
import {
  alias,
  attributeOrTexts,
  plainTexts,
  reference,
  textElement,
  texts,
  uniqueAlias,
} from './shared-elements.js';
import { metaDataVersion } from './structure-elements.js';
import type { Texts } from './texts.js';
import { namespaces } from './version.js';

const required = { required: true };

/** Required in 1.3.2, and empty where there is no description. */
const studyDescription = mapped<Texts>('StudyDescription', content('value', lex.text), {
  read: ({ value }) => (value === '' ? undefined : plainTexts.parse(value as string)),
  write(value, { lose }) {
    const plain = plainTexts.print(value, lose);
    if (plain === '') lose('an empty description is none');
    return { value: plain };
  },
});

const globalVariables = element<Pick<Study, 'name' | 'description' | 'protocolName'>>('GlobalVariables', [
  child('name', textElement('StudyName', lex.name), required),
  child('description', studyDescription, { required: true, blank: true }),
  child('protocolName', textElement('ProtocolName', lex.name), required),
]);

const measurementUnit = element<MeasurementUnit>(
  'MeasurementUnit',
  [
    attribute('oid', 'OID', lex.name, required),
    attribute('name', 'Name', lex.text, required),
    child('symbol', texts('Symbol'), required),
    children('aliases', alias),
  ],
  { unique: [uniqueAlias] },
);

interface StudyContent extends Study {
  globalVariables: Pick<Study, 'name' | 'description' | 'protocolName'>;
}

const study = element<StudyContent, Study>(
  'Study',
  [
    attribute('oid', 'OID', lex.name, required),
    v20(attribute('name', 'StudyName', lex.name, required)),
    v20(attribute('protocolName', 'ProtocolName', lex.name, required)),
    v20(attribute('versionId', 'VersionID', lex.name)),
    v20(attribute('versionName', 'VersionName', lex.name)),
    v20(attribute('status', 'Status', lex.name)),
    v20(child('description', texts('Description'))),
    v13(child('globalVariables', globalVariables, required)),
    v13(
      child(
        'measurementUnits',
        single('BasicDefinitions', children('value', measurementUnit), [['MeasurementUnit', 'OID']]),
      ),
    ),
    v13(children('metaDataVersions', metaDataVersion, { always: true })),
    v20(children('metaDataVersions', metaDataVersion, { always: true, required: true })),
  ],
  {
    unique: [['MetaDataVersion', 'OID']],
    read(raw) {
      const { globalVariables, ...rest } = raw as unknown as StudyContent;
      return { ...rest, ...globalVariables };
    },
    write({ name, description, protocolName, ...rest }, { version }) {
      const described = { name, protocolName, ...(description && { description }) };
      return version === '2.0' ? { ...rest, ...described } : { ...rest, globalVariables: described };
    },
  },
);

const metaDataVersionRef = element<MetaDataVersionRef>('MetaDataVersionRef', [
  attribute('studyOid', 'StudyOID', lex.name, required),
  attribute('metaDataVersionOid', 'MetaDataVersionOID', lex.name, required),
  attribute('effectiveDate', 'EffectiveDate', lex.date, required),
]);

const location = element<Location>('Location', [
  attribute('oid', 'OID', lex.name, required),
  attribute('name', 'Name', lex.name, required),
  v13(attribute('role', 'LocationType', lex.oneOf('Sponsor', 'Site', 'CRO', 'Lab', 'Other'))),
  v20(attribute('role', 'Role', lex.text)),
  children('metaDataVersions', metaDataVersionRef, required),
]);

const userTypes13 = ['Sponsor', 'Investigator', 'Lab', 'Other'] as const;
const userTypes20 = ['Subject', 'Monitor', 'Data analyst', 'Care provider', 'Assessor'] as const;

/** The one location that a user of ODM 2.0 has. */
const onlyLocation: lex.Lexical<string[]> = {
  parse: (value) => (value === '' ? undefined : [value]),
  print([first, ...others], lose) {
    if (others.length > 0) lose('a user of ODM 2.0 has one location');
    return first;
  },
};

const user = element<User>('User', [
  attribute('oid', 'OID', lex.name, required),
  v13(attribute('userType', 'UserType', lex.oneOf(...userTypes13))),
  v20(attribute('userType', 'UserType', lex.oneOf(...userTypes13, ...userTypes20))),
  v20(attribute('locationOids', 'LocationOID', onlyLocation)),
  v13(child('userName', textElement('LoginName'))),
  v20(child('userName', textElement('UserName'))),
  v13(child('displayName', textElement('DisplayName'))),
  child('fullName', textElement('FullName')),
  v13(child('givenName', textElement('FirstName'))),
  v13(child('familyName', textElement('LastName'))),
  v20(child('givenName', textElement('GivenName'))),
  v20(child('familyName', textElement('FamilyName'))),
  v13(child('organization', textElement('Organization'))),
  v13(children('locationOids', reference('LocationRef', 'LocationOID'))),
]);

const signatureDef = element<SignatureDef>('SignatureDef', [
  attribute('oid', 'OID', lex.name, required),
  attribute('methodology', 'Methodology', lex.oneOf('Digital', 'Electronic')),
  child('meaning', textElement('Meaning'), required),
  child('legalReason', textElement('LegalReason'), required),
]);

const adminData = element<AdminData>(
  'AdminData',
  [
    attribute('studyOid', 'StudyOID', lex.name),
    children('users', user),
    children('locations', location),
    children('signatureDefs', signatureDef),
  ],
  {
    unique: [
      ['User', 'OID'],
      ['Location', 'OID'],
      ['SignatureDef', 'OID'],
    ],
  },
);

interface DocumentContent extends FileHeader, Omit<OdmDocument, 'file'> {}

/** The root; `clinical` is what stands in the place of the clinical data. */
export function odmElement(clinical: Field<'', never>): Element<OdmDocument> {
  return element<DocumentContent, OdmDocument>(
    'ODM',
    [
      v13(fixed('xmlns', namespaces['1.3.2'])),
      v20(fixed('xmlns', namespaces['2.0'])),
      v13(fixed('ODMVersion', '1.3.2')),
      v20(fixed('ODMVersion', '2.0')),
      attribute('fileType', 'FileType', lex.oneOf('Snapshot', 'Transactional'), required),
      attribute('fileOid', 'FileOID', lex.name, required),
      attribute('creationDateTime', 'CreationDateTime', lex.dateTime, required),
      attribute(
        'granularity',
        'Granularity',
        lex.oneOf(
          'All',
          'Metadata',
          'AdminData',
          'ReferenceData',
          'AllClinicalData',
          'SingleSite',
          'SingleSubject',
        ),
      ),
      v13(attribute('archival', 'Archival', lex.yesOnly)),
      v20(attribute('context', 'Context', lex.oneOf('Archive', 'Exchange', 'Submission'))),
      attribute('priorFileOid', 'PriorFileOID', lex.name),
      attribute('asOfDateTime', 'AsOfDateTime', lex.dateTime),
      attribute('originator', 'Originator', lex.text),
      attribute('sourceSystem', 'SourceSystem', lex.text),
      attribute('sourceSystemVersion', 'SourceSystemVersion', lex.text),
      ...attributeOrTexts('description', 'Description'),
      children('studies', study, { always: true }),
      children('adminData', adminData, { always: true }),
      clinical,
    ],
    {
      unique: [['Study', 'OID']],
      read(raw) {
        const { studies = [], adminData = [], ...file } = raw as unknown as DocumentContent;
        return { file, studies, adminData };
      },
      write({ file, studies, adminData }, { version, lose }) {
        const complete = studies.filter((study) => study.metaDataVersions.length > 0 || version !== '2.0');
        if (complete.length < studies.length) lose('ODM 2.0 has no study without metadata', 'Study');
        return { ...file, studies: complete, adminData };
      },
    },
  );
}
