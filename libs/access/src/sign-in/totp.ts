import { createHmac, timingSafeEqual } from 'node:crypto';

const STEP_SECONDS = 30;
const DIGITS = 6;

/** The code of one time step: HOTP with SHA-1 (RFC 4226 §5.3) over the step as counter (RFC 6238 §4). */
export function codeAt(seed: Uint8Array, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', seed).update(counter).digest();
  const number = mac.readUInt32BE(mac.at(-1)! & 0xf) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/** The time step whose code this is: the one of `now`, or a neighbour (clocks differ); undefined for none. */
export function stepOf(seed: Uint8Array, code: string, now: Date): number | undefined {
  const step = Math.floor(now.getTime() / 1000 / STEP_SECONDS);
  return [step, step - 1, step + 1].find((one) => isSame(codeAt(seed, one), code));
}

/** What an authenticator app reads: a key URI with a base32 secret. */
export function otpauthUri(seed: Uint8Array, account: string): string {
  const label = encodeURIComponent(`Daybook:${account}`);
  return `otpauth://totp/${label}?secret=${base32(seed)}&issuer=Daybook&algorithm=SHA1&digits=${DIGITS}&period=${STEP_SECONDS}`;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 §6, without padding. */
export function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => ALPHABET[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('');
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
