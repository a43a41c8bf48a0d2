import { xmlBody } from '#http';
import type { Unsupported } from '#odm';
import { readDefinition } from './odm/odm-answer.js';

/**
 * A definition as a request brings it: JSON as it is, not judged yet; or of an ODM document, with what of it is
 * not carried. A document is read only after `authorise`, which throws for those who may not publish any.
 *
 * @throws Problem invalid-definition, body-too-large
 */
export async function sentDefinition(
  body: unknown,
  authorise: () => void,
): Promise<{ definition: unknown; unsupported?: Unsupported[] }> {
  const xml = xmlBody(body);
  if (!xml) return { definition: body };
  authorise();
  return readDefinition(xml);
}
