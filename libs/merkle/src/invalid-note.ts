/** A note, a checkpoint or a verifier key that must not be trusted; the message says why. */
export class InvalidNote extends Error {
  override readonly name = 'InvalidNote';
}
