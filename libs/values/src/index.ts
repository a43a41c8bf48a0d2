export { grouped } from './grouped.js';
export { canonicalKey, formatKey, isOid, parseKey, type RepeatKey } from './keys.js';
export { isMissingCode, type MissingCode, missingCodes } from './missing.js';
export {
  addDays,
  addYears,
  daysBetween,
  earliest,
  isCompleteDate,
  isPartialDate,
  latest,
  type PartialDate,
  parsePartialDate,
} from './partial-date.js';
