import { createHmac } from 'node:crypto';

/**
 * What only this installation can compute: keyed hashes of what must not be stored, and secrets that a
 * retry of the request that made them gets again, though they are kept nowhere.
 */
export class ServerSecret {
  constructor(private readonly key: Uint8Array) {}

  /** 32 bytes that follow from the use and its parts, and from nothing that others know. */
  of(use: string, ...parts: string[]): Buffer {
    return createHmac('sha256', this.key)
      .update(JSON.stringify([use, ...parts]))
      .digest();
  }
}
