/** Who and where: what audit records and signatures refer to. */
export interface AdminData {
  studyOid?: string;
  users?: User[];
  locations?: Location[];
  signatureDefs?: SignatureDef[];
}

export interface User {
  oid: string;
  /** Those after `Other` are 2.0's. */
  userType?:
    | 'Sponsor'
    | 'Investigator'
    | 'Lab'
    | 'Other'
    | 'Subject'
    | 'Monitor'
    | 'Data analyst'
    | 'Care provider'
    | 'Assessor';
  userName?: string;
  /** 1.3.2. */
  displayName?: string;
  fullName?: string;
  givenName?: string;
  familyName?: string;
  /** 1.3.2. */
  organization?: string;
  /** In 2.0 no more than one. */
  locationOids?: string[];
}

export interface Location {
  oid: string;
  name: string;
  /** Free in 2.0; `Sponsor`, `Site`, `CRO`, `Lab` or `Other` in 1.3.2. */
  role?: string;
  /** At least one. */
  metaDataVersions: MetaDataVersionRef[];
}

export interface MetaDataVersionRef {
  studyOid: string;
  metaDataVersionOid: string;
  /** YYYY-MM-DD. */
  effectiveDate: string;
}

export interface SignatureDef {
  oid: string;
  methodology?: 'Digital' | 'Electronic';
  meaning: string;
  legalReason: string;
}
