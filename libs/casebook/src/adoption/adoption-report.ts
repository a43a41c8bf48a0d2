import type { Sight } from '#access';
import type { NewEvent } from '#event-store';
import { type CompiledStudy, checkValue, type Lineage, type ValueFaultCode } from '#study';
import type { FormAddress } from '../address.js';
import type { Casebook, CasebookEvent } from '../casebook.js';
import type { FormState, ItemState } from '../form/form-state.js';
import { findPlanned, itemInPlace } from '../form/plan.js';
import { holdsSealed } from '../form/view.js';
import type { Change } from '../held.js';
import { showsQuery } from '../query/query.view.js';
import type { QueryRaised } from '../query/query-state.js';

/** Something held that does not fit the version adopted. It stays as it was entered. */
export interface KeptValue extends FormAddress {
  readonly item: string;
  readonly group?: string;
  readonly rowKey?: string;
  /** `retired`: there is no such item there any more. `not-sealed`, `sealed`: it was entered when it did not, or did, identify the subject. */
  readonly why: 'retired' | 'sealed' | 'not-sealed' | ValueFaultCode;
  /** For people; values are never told. */
  readonly text: string;
}

/** What comes, or would come, of an adoption. */
export interface AdoptionReport {
  readonly subjectKey: string;
  readonly from: number;
  readonly to: number;
  readonly kept: readonly KeptValue[];
  /** Items that are computed anew. */
  readonly derived: readonly (FormAddress & { readonly item: string })[];
  readonly queries: {
    readonly raised: readonly (Omit<QueryRaised, 'row'> & { rowKey?: string })[];
    readonly closed: readonly string[];
  };
}

/**
 * @param before the casebook that the adoption was decided on
 * @param events what it stores
 * @param lineage of the version that is adopted
 */
export function adoptionReport(
  before: Casebook,
  events: readonly NewEvent[],
  lineage: Lineage,
  sight: Sight,
): AdoptionReport {
  const told = events as readonly CasebookEvent[];
  return {
    subjectKey: before.subject,
    from: before.definition,
    to: lineage.followed.version,
    kept: keptValues(before, lineage, sight),
    derived: told.flatMap((event) =>
      event.type === 'ItemsDerived' ? derivedIn(event.data, lineage, sight) : [],
    ),
    queries: {
      raised: told.flatMap((event) => {
        if (event.type !== 'QueryRaised' || !showsQuery(event.data, lineage.readAs(), sight)) return [];
        const { row, ...query } = event.data;
        return { ...query, ...(row !== undefined && { rowKey: row }) };
      }),
      closed: told.flatMap((event) => (event.type === 'QueryClosed' ? event.data.query : [])),
    },
  };
}

function derivedIn(
  { visit, form, changes }: FormAddress & { readonly changes: readonly Change[] },
  lineage: Lineage,
  sight: Sight,
) {
  return changes.flatMap(({ item: oid }) => {
    const item = lineage.readAs().item(oid);
    return item && sight.item(item) ? { visit, form, item: oid } : [];
  });
}

function keptValues({ forms }: Casebook, lineage: Lineage, sight: Sight): KeptValue[] {
  return Object.values(forms).flatMap((form) =>
    Object.values(form.items).flatMap((state): KeptValue[] => {
      const entered = lineage.readAs(state.definition).item(state.item);
      if (!state.held || !entered || !sight.item(entered)) return [];
      const misfit = misfitOf(state, form, lineage.followed);
      if (!misfit) return [];
      const { visit, form: key } = form;
      const row = state.row === undefined ? {} : { group: state.group!, rowKey: state.row };
      return [
        {
          ...{ visit, form: key, item: state.item },
          ...row,
          why: misfit.why,
          text: `${entered.label}: ${misfit.text}`,
        },
      ];
    }),
  );
}

/** Later than any date that was entered: none of them is in the future because the definition changes. */
const LAST_DAY = '9999-12-31';

function misfitOf(
  state: ItemState,
  form: FormState,
  study: CompiledStudy,
): Pick<KeptValue, 'why' | 'text'> | undefined {
  const item = findPlanned(study, form) && itemInPlace(study, form, state);
  if (!item) return { why: 'retired', text: 'The definition has no such item there any more.' };
  const sealed = holdsSealed(state.held);
  if (!state.held || !('value' in state.held)) return undefined;
  if (sealed && !item.identifying) return { why: 'sealed', text: 'It identified the subject when entered.' };
  // What a sealed value says, only those know who may read identities.
  if (sealed) return undefined;
  if (item.identifying) return { why: 'not-sealed', text: 'It stays readable in the log.' };
  const fault = checkValue(item, state.held.value, LAST_DAY);
  return fault && { why: fault.code, text: fault.message };
}
