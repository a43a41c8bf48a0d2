import { type Caller, type Sight, sightOf } from '#access';
import type { CompiledForm, Definition, Lineage } from '#study';
import { tellsArmsNow } from '../form/plan.js';

/** What of a study's queries is kept from a caller at some sites: those on these items, forms and visits. */
export interface Veil {
  /** At these sites; null: wherever no other veil of the caller's says. */
  readonly sites: readonly string[] | null;
  /** Where `sites` is null, the sites that it does not hold for. */
  readonly others: readonly string[] | null;
  readonly items: readonly string[];
  /** OIDs, without repeats. */
  readonly forms: readonly string[];
  readonly visits: readonly string[];
}

/**
 * The veils of a caller; none for one who may see every query: what `showsQuery` says of each query, said of
 * all of them, for the database.
 *
 * @param definitions all that were published
 */
export function veilsOf(
  caller: Caller,
  study: string,
  definitions: readonly Definition[],
  lineage: Lineage,
): readonly Veil[] {
  const named = new Set(caller.grants.flatMap(({ sites }) => (sites === 'all' ? [] : sites)));
  const hidden = (sight: Sight) => hiddenFrom(sight, definitions, lineage);
  const veils = [
    ...[...named].map(
      (site): Veil => ({ sites: [site], others: null, ...hidden(sightOf(caller, study, site)) }),
    ),
    { sites: null, others: [...named], ...hidden(sightOf(caller, study, NOWHERE)) },
  ];
  return veils.filter(({ items, forms, visits }) => items.length + forms.length + visits.length > 0);
}

/** No site has this name: only grants for all sites cover it. */
const NOWHERE = '';

function hiddenFrom(sight: Sight, definitions: readonly Definition[], lineage: Lineage) {
  const reading = lineage.readAs();
  const oids = (list: (definition: Definition) => readonly { oid: string }[]) => [
    ...new Set(definitions.flatMap(list).map(({ oid }) => oid)),
  ];
  const items = oids(({ forms }) => forms.flatMap(({ groups }) => groups.flatMap((group) => group.items)));
  const forms = oids((definition) => definition.forms);
  const visits = oids((definition) => definition.visits);
  const seen = (oid: string) => {
    const item = reading.item(oid);
    return item !== undefined && sight.item(item) && (sight.arms || !item.revealsArm);
  };
  const tells = (form: CompiledForm | undefined) => form !== undefined && tellsArmsNow(form, reading);
  return {
    items: items.filter((oid) => !seen(oid)),
    forms: sight.arms ? [] : forms.filter((oid) => tells(reading.form(oid))),
    visits: sight.arms ? [] : visits.filter((oid) => reading.visit(oid)?.forms.every(tells)),
  };
}
