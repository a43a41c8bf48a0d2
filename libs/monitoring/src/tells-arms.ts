import { armsTold } from '#casebook';
import type { CompiledStudy, Lineage, Studies } from '#study';

/** OIDs of what is not counted for the blinded, since its being there could tell the arms apart. */
export interface Telling {
  readonly visits: readonly string[];
  readonly forms: readonly string[];
}

export function tellingArms(versions: readonly CompiledStudy[], lineage: Lineage): Telling {
  const told = armsTold({ versions, lineage });
  const oids = (list: 'visits' | 'forms') => [
    ...new Set(versions.flatMap(({ definition }) => definition[list].map(({ oid }) => oid))),
  ];
  return { visits: oids('visits').filter(told.byVisit), forms: oids('forms').filter(told.byForm) };
}

/** By the versions of a study up to one. @throws Problem not-found */
export async function tellingBy(studies: Studies, study: string, version: number): Promise<Telling> {
  const numbers = Array.from({ length: version }, (_, i) => i + 1);
  const versions = await Promise.all(numbers.map((number) => studies.version(study, number)));
  return tellingArms(versions, await studies.lineage(study, version));
}
