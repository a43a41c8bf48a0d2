import { authorise, type Caller, sightOf, sitesFor } from '#access';
import { Problem } from '#problem';
import type { Audience } from './dataset.js';

/**
 * For whom datasets are when this caller asks for them: they are of the whole study, so a grant for some of
 * its sites is not enough.
 *
 * @throws Problem not-found, not-permitted
 */
export function audienceOf(caller: Caller, study: string): Audience {
  authorise(caller, 'read datasets', study);
  if (sitesFor(caller, 'read datasets', study) !== 'all')
    throw new Problem(
      'not-permitted',
      'Datasets are of the whole study; the role is granted for some sites.',
    );
  return sightOf(caller, study, undefined).arms ? 'unblinded' : 'blinded';
}
