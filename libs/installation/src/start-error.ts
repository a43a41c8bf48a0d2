/** Why the server cannot start, in one line that whoever starts it can act on. */
export class StartError extends Error {}
