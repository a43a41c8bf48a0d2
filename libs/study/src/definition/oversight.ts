/** What of the entered data monitors verify against the source: docs/verification.md. */
export interface VerificationDefinition {
  /** `all`: every item; `critical`: those listed; `sample`: those listed, and every item of a share of the subjects. */
  plan: 'all' | 'critical' | 'sample';
  /** OIDs of items that are verified of every subject. */
  critical?: string[];
  /** Of the subjects, between 0 and 1; for `sample`. */
  share?: number;
  /** Another seed draws other subjects; absent: the study's OID. */
  seed?: string;
}

/**
 * An endpoint that a committee adjudicates: docs/adjudication.md. Two members give their opinions; if they differ
 * a third decides, whose opinion is final. The items are entered by adjudication alone, and hidden from the sites.
 */
export interface AdjudicationDefinition {
  /** The milestone that is adjudicated. */
  of: 'death';
  /** Code items: the causes by the first, the second and the third member. */
  opinions: string[];
  /** Code item: the committee's cause. */
  final: string;
  /** Date item: the day of the adjudication. */
  date: string;
  /** Items that the committee does not see, beside those that identify the subject or tell the arms apart. */
  masked: string[];
}

/** In their order: opinions, final cause, date. */
export function adjudicatedItems({ opinions, final, date }: AdjudicationDefinition): string[] {
  return [...opinions, final, date];
}
