/**
 * A domain of CDISC's SDTM and how the study's items become its records: docs/datasets.md. Every domain begins
 * with STUDYID, DOMAIN and USUBJID, and with --SEQ unless it has one record a subject.
 * @see https://www.cdisc.org/standards/foundational/sdtm
 */
export interface SdtmDomain {
  /** Two letters: `AE`. */
  code: string;
  label: string;
  class: 'special-purpose' | 'interventions' | 'events' | 'findings';
  /** In their order. */
  variables: SdtmVariable[];
  records: SdtmRecord[];
}

/** Name and label are short enough for version 5 of XPT. */
export interface SdtmVariable {
  name: string;
  label: string;
  type: 'string' | 'integer' | 'decimal';
  /** In records that say nothing else. */
  value?: SdtmValue;
}

export interface SdtmRecord {
  /** An item: there is a record wherever it holds a value. Absent: there is one record a subject. */
  of?: string;
  /** Only where each of these items of the same form, or row, holds one of the codes. */
  where?: Record<string, string[]>;
  /** By variable. */
  values?: Record<string, SdtmValue>;
}

/** A text as it stands here, or of several sources the first that has something. */
export type SdtmValue = string | SdtmSource | SdtmSource[];

export interface SdtmSource {
  /** What follows from where the record stands; alone. */
  key?: SdtmKey;
  /** An item of the same form, or row; of one record a subject, any item. Absent: the record's own. */
  item?: string;
  /** Absent: the value. `flag`: Y where there is one. */
  as?: 'label' | 'unit' | 'flag';
  /** What stands for a code, or a unit; others are left out. */
  codes?: Record<string, string>;
  /** Y where the item holds this code, N where it holds only others. */
  has?: string;
}

/** Arms: as first allocated, and where the subject crossed over to last. */
export type SdtmKey = 'subject' | 'site' | 'visit' | 'arm' | 'armLabel' | 'actualArm' | 'actualArmLabel';

/** What every domain has besides its own variables. */
export const sdtmKeyNames = ({ code }: Pick<SdtmDomain, 'code'>) =>
  ['STUDYID', 'DOMAIN', 'USUBJID', `${code}SEQ`] as const;

/** Where a value comes from; nowhere for a text. */
export function sdtmSources(value: SdtmValue | undefined): readonly SdtmSource[] {
  return value === undefined || typeof value === 'string' ? [] : [value].flat();
}
