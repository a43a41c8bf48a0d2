import { tellsArms } from '#casebook';
import type { CompiledStudy, Lineage, Studies, VisitDefinition } from '#study';

/** OIDs of what is not counted for the blinded, since its being there could tell the arms apart. */
export interface Telling {
  readonly visits: readonly string[];
  readonly forms: readonly string[];
}

/**
 * Visits that some arms do not have, or that are counted from something that tells them apart, and forms of
 * which every item does, in any version; what an item tells, the newest says.
 */
export function tellingArms(versions: readonly CompiledStudy[], lineage: Lineage): Telling {
  const reading = lineage.readAs();
  const tells = ({ target }: VisitDefinition, { arms }: CompiledStudy['definition']) =>
    arms.some(({ code }) => target?.arms?.includes(code) === false) ||
    reading.item(target?.from ?? '')?.revealsArm === true;
  const formTells = (oid: string) => {
    const items = reading.form(oid)?.items.flatMap((item) => reading.item(item.oid) ?? []);
    return items !== undefined && tellsArms({ items });
  };
  const oids = (list: (study: CompiledStudy) => readonly string[]) => [...new Set(versions.flatMap(list))];
  return {
    visits: oids(({ definition }) =>
      definition.visits.filter((visit) => tells(visit, definition)).map(({ oid }) => oid),
    ),
    forms: oids(({ definition }) => definition.forms.map(({ oid }) => oid)).filter(formTells),
  };
}

/** By the versions of a study up to one. @throws Problem not-found */
export async function tellingBy(studies: Studies, study: string, version: number): Promise<Telling> {
  const numbers = Array.from({ length: version }, (_, i) => i + 1);
  const versions = await Promise.all(numbers.map((number) => studies.version(study, number)));
  return tellingArms(versions, await studies.lineage(study, version));
}
