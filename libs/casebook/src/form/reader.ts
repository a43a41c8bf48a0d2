import type { Sight } from '#access';
import { unseal } from '../identity/seal.js';
import type { Reader } from './view.js';

/** A reader of one form: what the caller may see, and the subject's key where it still exists. */
export function readerOf(sight: Sight, key: Uint8Array | undefined, place: (path: string) => string): Reader {
  return {
    identity: sight.identity,
    arms: sight.arms,
    item: sight.item,
    unseal: (path, sealed) => key && unseal(key, place(path), sealed),
  };
}
