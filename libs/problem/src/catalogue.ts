/**
 * Every refusal there is. The key is the last part of the problem's `type` URI and never changes;
 * `meaning` is what the documentation page of that URI says.
 */
export const catalogue = {
  'malformed-json': {
    status: 400,
    title: 'The body is not JSON',
    meaning:
      'The body could not be read as one JSON value in UTF-8. The pointer names the place where reading stopped.',
  },
  'invalid-request': {
    status: 400,
    title: 'The request is not well formed',
    meaning: 'A header, a path part or a query parameter is missing or cannot be read.',
  },
  'idempotency-key-required': {
    status: 400,
    title: 'Idempotency-Key is missing',
    meaning:
      'Every write carries an Idempotency-Key header with a UUID of the client’s own, so that a retry can be told from a new act.',
  },
  unauthenticated: {
    status: 401,
    title: 'Who is calling is not known',
    meaning: 'The request carries no valid bearer token.',
  },
  'invalid-credentials': {
    status: 401,
    title: 'E-mail or password is wrong',
    meaning: 'No active account matches what was given. Which of the two is wrong is not told.',
  },
  'second-factor-required': {
    status: 401,
    title: 'A code of the second factor is missing',
    meaning:
      'E-mail and password are right, and the account has a second factor: send the code that it shows, or a recovery code, as `code` beside them.',
  },
  'not-permitted': {
    status: 403,
    title: 'The role does not permit this',
    meaning: 'The caller may see the thing, but none of the caller’s roles may do this to it.',
  },
  'not-found': {
    status: 404,
    title: 'No such thing',
    meaning: 'It does not exist, or it lies outside what the caller may see; the two are not told apart.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'No such method here',
    meaning: 'The address exists, but not with this method.',
  },
  'not-acceptable': {
    status: 406,
    title: 'No such representation',
    meaning: 'None of the media types in Accept can be given.',
  },
  conflict: {
    status: 409,
    title: 'The state does not allow this step',
    meaning: 'The act is not one of the legal next steps of the thing as it stands.',
  },
  'already-exists': {
    status: 409,
    title: 'It exists already',
    meaning: 'A thing with this identifier exists already.',
  },
  frozen: {
    status: 409,
    title: 'The data are frozen',
    meaning:
      'Nothing is entered or corrected where data are frozen, only queries go on. The problem says what was frozen, by whom and when; a data manager can lift it.',
  },
  locked: {
    status: 409,
    title: 'The data are locked',
    meaning:
      'Where data are locked nothing changes any more, queries neither. The problem says what was locked, by whom and when; a data manager can lift it.',
  },
  'site-closed': {
    status: 409,
    title: 'The site is closed for enrolment',
    meaning: 'Subjects are enrolled only at sites that are open.',
  },
  'subject-withdrawn': {
    status: 409,
    title: 'The subject has withdrawn',
    meaning: 'After withdrawal no new data are entered; corrections and answers to queries remain possible.',
  },
  erased: {
    status: 410,
    title: 'The identity was erased',
    meaning: 'The key of the subject’s identifying data was destroyed; nobody can read or enter them.',
  },
  stale: {
    status: 412,
    title: 'The form has changed since it was read',
    meaning:
      'If-Match names an earlier state. The problem carries the current values; read them, then decide again.',
  },
  'body-too-large': {
    status: 413,
    title: 'The body is too large',
    meaning: 'A JSON body may have 1 MiB, an ODM document 64 MiB.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The body’s media type is not read here',
    meaning: 'Send application/json in UTF-8, or application/xml where an ODM document is taken.',
  },
  'range-not-satisfiable': {
    status: 416,
    title: 'There are no such bytes',
    meaning: 'Range asks for bytes beyond the end of the file.',
  },
  'invalid-value': {
    status: 422,
    title: 'A value is not acceptable',
    meaning:
      'At least one value has the wrong type, lies outside its code list or is impossible, or an item is unknown. Nothing was stored; every fault is listed with its place.',
  },
  'invalid-definition': {
    status: 422,
    title: 'The study definition has faults',
    meaning: 'Every fault is listed with its place; nothing was published.',
  },
  'reason-required': {
    status: 422,
    title: 'A reason for the change is required',
    meaning: 'Entered data change only with a reason; the errors name the values that would change.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The Idempotency-Key belongs to another request',
    meaning: 'The key was used before with a different request. A new act needs a new key.',
  },
  'precondition-required': {
    status: 428,
    title: 'If-Match is missing',
    meaning: 'Changing a form that already has data needs If-Match with the ETag of the state that was read.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    meaning: 'Wait for the time that Retry-After names.',
  },
  'internal-error': {
    status: 500,
    title: 'The server failed',
    meaning: 'The fault is ours and is in the server’s log. Retrying with the same Idempotency-Key is safe.',
  },
  unavailable: {
    status: 503,
    title: 'Not available at the moment',
    meaning:
      'The state asked for is not reached yet, or the database cannot be reached. Retry after the time that Retry-After names; with the same Idempotency-Key a retry is safe.',
  },
} as const satisfies Record<string, { status: number; title: string; meaning: string }>;

export type ProblemCode = keyof typeof catalogue;
