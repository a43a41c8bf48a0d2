/** Why an item has no value. */
export const missingCodes = ['not-done', 'unknown', 'not-applicable', 'refused'] as const;

export type MissingCode = (typeof missingCodes)[number];

export function isMissingCode(value: unknown): value is MissingCode {
  return missingCodes.some((code) => code === value);
}
