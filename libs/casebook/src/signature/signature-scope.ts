import { Problem } from '#problem';
import { formatKey, parseKey } from '#values';
import { canonicalAddress } from '../form/plan.js';
import type { SeenForm, SignatureScope } from './signature.js';

/** So many visits and forms one request may name. */
const MOST_PLACES = 1000;

/**
 * What a request asks to be signed: `casebook`, visits, forms, or one visit or form; or the scope of the
 * signature that it confirms.
 *
 * @throws Problem invalid-value
 */
export function parseScope(scope: unknown, countersigns: string | undefined): SignatureScope {
  if (countersigns !== undefined) {
    if (scope === undefined) return { countersigns };
    throw invalid('A countersignature covers what the signature does that it confirms: leave scope out.');
  }
  if (scope === 'casebook') return 'casebook';
  const { casebook, visits = [], forms = [], visit, form, ...unknown } = isObject(scope) ? scope : { scope };
  if (Object.keys(unknown).length > 0) throw invalid();
  if (casebook === true) {
    if (Object.keys(scope as object).length > 1) throw invalid();
    return 'casebook';
  }
  const named = {
    visits: [...list(visits), ...(form === undefined && visit !== undefined ? [visit] : [])].map(visitKey),
    forms: [...list(forms), ...(form === undefined ? [] : [{ visit, form }])].map(formAddress),
  };
  const places = named.visits.length + named.forms.length;
  if (places === 0 || places > MOST_PLACES) throw invalid();
  return named;
}

function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw invalid();
}

function visitKey(visit: unknown): string {
  const key = typeof visit === 'string' ? parseKey(visit) : undefined;
  if (!key) throw invalid();
  return formatKey(key);
}

function formAddress(one: unknown): SeenForm {
  const { visit, form, revision, ...unknown } = isObject(one) ? one : {};
  const address = typeof visit === 'string' && typeof form === 'string' && canonicalAddress({ visit, form });
  const isRevision = revision === undefined || (typeof revision === 'number' && Number.isInteger(revision));
  if (!address || !isRevision || Object.keys(unknown).length > 0) throw invalid();
  return { ...address, ...(revision !== undefined && { revision }) };
}

function invalid(message = 'One of "casebook", {visits: [visit]}, {forms: [{visit, form}]}.'): Problem {
  return new Problem('invalid-value', message, {
    errors: [{ pointer: '/scope', code: 'wrong-type', message }],
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
