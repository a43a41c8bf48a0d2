const SALT_BYTES = 16;

/**
 * Salts of 16 random bytes, base64, drawn many at a time: asking the system for randomness costs more than the
 * randomness.
 */
export function salts(random: (bytes: number) => Buffer): () => string {
  let drawn: Buffer = Buffer.alloc(0);
  return () => {
    if (drawn.length === 0) drawn = random(SALT_BYTES * 256);
    const salt = drawn.toString('base64', 0, SALT_BYTES);
    drawn = drawn.subarray(SALT_BYTES);
    return salt;
  };
}
