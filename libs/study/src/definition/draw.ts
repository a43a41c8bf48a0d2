import { hash } from 'node:crypto';

/**
 * A subject's lot, at least 0 and below 1: the first 48 bits of SHA-256 of `seed/subject` as a fraction. Anyone
 * can draw it again, and nobody can choose it.
 */
export function drawOf(seed: string, subject: string): number {
  return hash('sha256', `${seed}/${subject}`, 'buffer').readUIntBE(0, 6) / 2 ** 48;
}
