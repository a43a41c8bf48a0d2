import { hkdfSync } from 'node:crypto';

/** What must stay secret: given is one key of 32 bytes, the others follow from it. */
export interface Secrets {
  /** Wraps the subjects' data keys and the log's signing keys. */
  readonly keyEncryptionKey: Buffer;
  readonly tokenKey: Buffer;
  readonly cursorKey: Buffer;
  /** Of what the server draws or hashes and no one else can. */
  readonly serverSecret: Buffer;
}

/** Keys of their own for each use (HKDF, RFC 5869), so that no use can weaken another. */
export function secretsFrom(keyEncryptionKey: Buffer): Secrets {
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', keyEncryptionKey, '', `daybook ${use}`, 32));
  return {
    keyEncryptionKey,
    tokenKey: derive('access tokens'),
    cursorKey: derive('cursors'),
    serverSecret: derive('server secret'),
  };
}
