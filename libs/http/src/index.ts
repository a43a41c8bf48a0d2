export { negotiate, type RowFormat, rowFormats } from './accept.js';
export { answerHeaders, withHeaders } from './answer-headers.js';
export { AnswersAs, ByName, bytes, pageOf, text } from './answers.js';
export { type Moment, parseAsOf, readMoment } from './as-of.js';
export { acceptStrictJson, decodeUtf8, JSON_BODY_LIMIT } from './body.js';
export { applyConventions } from './conventions.js';
export type { Row } from './csv.js';
export { Cursors, cursorScope, type Keyset } from './cursor.js';
export { holds, isHeld, nameOfShown, type Precondition, parseIfMatch, strongETag } from './etag.js';
export { parseIdempotencyKey } from './idempotency-key.js';
export { Nested, NestedList } from './nested.js';
export { NotBlank } from './not-blank.js';
export { linkNext, nextLink, type Page, page } from './page.js';
export { AsOf, Cursor, Limit, MinPosition } from './params.js';
export { RepeatableQuery } from './plain-request.guard.js';
export { ProblemFilter } from './problem.filter.js';
export { problemRef, problemSchema } from './problem-schema.js';
export {
  anyObject,
  anyValue,
  count,
  day,
  instant,
  integer,
  partialDate,
  textOrNull,
  uuid,
} from './properties.js';
export { onlyValue, type Query } from './query.js';
export { type ByteRange, parseRange } from './range.js';
export { type AskedPage, readPage } from './read-page.js';
export { invalidHeader, invalidParameter } from './refusals.js';
export { sendProblem } from './send-problem.js';
export { serverOptions } from './server-options.js';
export { answerRows, rowStream, type StreamFormat } from './stream.js';
export { parseStrictJson } from './strict-json.js';
export { bodyPipe, validBody } from './validate-body.js';
export { parseCount, parseLimit, parseMinPosition, wholeNumber } from './whole-number.js';
export { acceptXml, XML_BODY_LIMIT, xmlBody } from './xml-body.js';
