import type { CasebookView } from './casebook-view.js';
import { compileCheck, type Verdict } from './compile.js';
import type { Environment, ItemScope } from './environment.js';
import type { Held, RowPlace } from './facts.js';
import type { ExpressionFault, FaultCode } from './fault.js';
import type { PlacedCheck } from './placed-check.js';
import { heldIn } from './read-item.js';
import type { RecordType } from './types.js';

/** When an item is asked for. */
export interface ConditionDefinition {
  /** OID. */
  readonly item: string;
  /** True where the item applies; of an item in rows, for each row. */
  readonly when: string;
  /** Whether something must be entered there, or a reason why not. */
  readonly required: boolean;
}

/**
 * The checks that the condition of an item implies: it is there where it is required, and is not there where it
 * does not apply. As every check they say nothing where what is entered does not decide it. Their OIDs have a
 * colon, which no other's has.
 */
export function compileCondition(
  { item: oid, when, required }: ConditionDefinition,
  environment: Environment,
): { checks: PlacedCheck[] } | { faults: ExpressionFault[] } {
  const item = environment.items.get(oid);
  const fault = (code: FaultCode, message: string) => ({
    faults: [{ code, message, offset: 0, length: when.length }],
  });
  if (!item) return fault('unknown-name', `There is no item ${oid}`);
  const own = environment.forms.get(item.form)?.own;
  const isNamed = ({ items }: RecordType) => items.get(item.name)?.oid === oid;
  const group = [...(own?.groups ?? [])].find(([, one]) => isNamed(one))?.[0];
  if (!own || (group === undefined && !isNamed(own)))
    return fault('unsupported', `${oid} shares its name: it cannot have a condition`);
  const compiled = compileCheck(when, environment, item.form, group);
  if ('faults' in compiled) return compiled;
  const { reads, evaluate, form } = compiled.check;
  if (reads.own.has(oid) || reads.elsewhere.has(oid))
    return fault('unsupported', `The condition of ${oid} depends on ${oid} itself`);

  const implied = (kind: string, text: string, violates: Judge): PlacedCheck => ({
    oid: `${kind}:${oid}`,
    form,
    level: 'soft',
    items: [oid],
    ...(group !== undefined && { byRow: true }),
    reads: { ...reads, own: new Set([...reads.own, oid]) },
    message: () => text,
    evaluate: (casebook, place) => {
      const state = stateAt(casebook, place, item, group);
      return state ? violates(state, () => evaluate(casebook, place)) : false;
    },
  });
  const surplus = implied('surplus', surplusText(item), ({ held }, applies) =>
    held === undefined || isReason(held) ? false : not(applies()),
  );
  const due = implied('due', dueText(item), ({ held, complete }, applies) =>
    complete && held === undefined ? applies() : false,
  );
  return { checks: required ? [due, surplus] : [surplus] };
}

type Judge = (
  state: { readonly held: Held | undefined; readonly complete: boolean },
  applies: () => Verdict,
) => Verdict;

/** Undefined for a row that is not there. */
function stateAt(casebook: CasebookView, place: RowPlace, { name }: ItemScope, group: string | undefined) {
  const form = casebook.at(place);
  const entry = group === undefined ? form : form.row(group, place.row ?? '');
  return entry && { held: heldIn(entry, name), complete: form.facts.complete };
}

const isReason = (held: Held) => typeof held === 'object' && 'missing' in held;
const not = (verdict: Verdict) => (typeof verdict === 'boolean' ? !verdict : verdict);

const dueText = ({ label }: ItemScope) => `${label} is required: enter it, or say why it is missing.`;
const surplusText = ({ label }: ItemScope) => `${label} does not apply here, but is entered. Please check.`;
