/** What ended a sync, in words for whoever ran it; `code` is the process's exit code. */
export class SyncError extends Error {
  constructor(
    message: string,
    readonly code: 1 | 2 | 3 = 1,
  ) {
    super(message);
  }
}

/** The copy or the log is not what the server says, or said, that it is. */
export class NotVerified extends SyncError {
  constructor(message: string) {
    super(message, 3);
  }
}

/** The server cannot be reached or is not ready; the same request may succeed later. */
export class Unreachable extends SyncError {
  constructor(
    message: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }
}
