import { pointerTo } from '#problem';
import type { Bounds } from './definition.js';
import type { Part, Parts, Place } from './definition-parts.js';

/**
 * What a change does to data that are there already. `safe`: each still fits, means what it meant, and raises
 * no query. `needs-mapping`: some may not, and stay as they are until somebody has looked at them.
 * `loses-data`: some have no place any more; they are kept, and shown and exported as retired.
 */
export type Verdict = 'safe' | 'needs-mapping' | 'loses-data';

export interface Finding {
  /** What happened: `added`, `removed`, `relabelled`, `unit`, `range-narrower`, … */
  readonly kind: string;
  readonly verdict: Verdict;
  /** For people. */
  readonly text: string;
}

/** A property that both versions of an element have, or one of them. */
interface PropertyChange {
  readonly before: Part;
  readonly after: Part;
  readonly from: unknown;
  readonly to: unknown;
  readonly old: Parts;
  readonly now: Parts;
}

const nouns: Readonly<Record<string, string>> = {
  arms: 'Arm',
  visits: 'Visit',
  forms: 'Form',
  groups: 'Group',
  items: 'Item',
  codeLists: 'Code list',
  codes: 'Code',
  endpoints: 'Endpoint',
  checks: 'Check',
  derivations: 'Derivation of',
  constants: 'Constant',
  sdtm: 'SDTM domain',
};

/** What a definition has one of. */
const singles: Readonly<Record<string, string>> = {
  study: 'The study’s description',
  milestones: 'The milestones',
  verification: 'The plan of verification',
  adjudication: 'The adjudication',
  duplicates: 'What duplicate subjects are found by',
  enrolment: 'The plan of enrolment',
  queries: 'The times in which queries are settled',
  odm: 'The ODM document that the definition came from',
};

export function addition(part: Part, old: Parts): Finding {
  const asksMore =
    (part.section === 'items' && isOwed(part, old)) ||
    part.section === 'checks' ||
    part.section === 'derivations';
  const text = `${named(part)} is new${asksMore ? '; it concerns forms that were entered already' : ''}.`;
  return { kind: 'added', verdict: asksMore ? 'needs-mapping' : 'safe', text };
}

/** Whether forms that were entered before the item was there can lack it. */
function isOwed({ properties }: Part, old: Parts): boolean {
  const { form, group, rows } = properties.place as Place;
  const wasEntered = old.parts.has(pointerTo(rows ? '/groups' : '/forms', rows ? group : form));
  const isRequired =
    properties.presence === 'mandatory' ||
    (properties.presence === 'conditional' && properties.showIf !== undefined);
  return isRequired && !properties.derived && wasEntered;
}

const losing = new Set(['visits', 'forms', 'items']);

export function removal(part: Part, path: string, { users }: Parts): Finding {
  if (losing.has(part.section))
    return {
      kind: 'removed',
      verdict: 'loses-data',
      text: `${named(part)} is gone; what was entered there is kept as retired.`,
    };
  if (part.section === 'codes') {
    const using = users(path.split('/')[2]!);
    const text = `${named(part)} is gone${using.length > 0 ? `; it can be held by ${using.join(', ')}` : ''}.`;
    return { kind: 'removed', verdict: using.length > 0 ? 'needs-mapping' : 'safe', text };
  }
  const verdict = part.section === 'arms' || part.section === 'derivations' ? 'needs-mapping' : 'safe';
  return { kind: 'removed', verdict, text: `${named(part)} is gone.` };
}

/** One change of a property may be several: a visit can win forms and lose others. */
export function propertyChange(name: string, change: PropertyChange): Finding[] {
  const rule = rules[change.after.section]?.[name] ?? rules.any![name];
  return rule ? [rule(change)].flat() : [otherChange(name, change)];
}

type Rule = (change: PropertyChange) => Finding | Finding[];

const rules: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  any: { label: ({ from, to }) => safe('relabelled', `“${from}” is now called “${to}”.`) },
  visits: {
    forms: ({ after, from, to }) => {
      const before = new Set(from as string[]);
      const now = new Set(to as string[]);
      const lost = [...before].filter((form) => !now.has(form));
      const won = [...now].filter((form) => !before.has(form));
      return [
        ...lost.map((form) => losesData('form-removed', `${named(after)} has form ${form} no more.`)),
        ...won.map((form) => safe('form-added', `${named(after)} has form ${form} now.`)),
        ...(lost.length + won.length === 0
          ? [safe('reordered', `The order is now ${[...now].join(', ')}.`)]
          : []),
      ];
    },
    repeating: repetition,
    target: ({ after }) => safe('target', `${named(after)} falls due at another time.`),
  },
  forms: { repeating: repetition },
  constants: {
    value: ({ after, from, to }) =>
      needsMapping('value', `${named(after)} is ${to} now, not ${from}; what reads it follows.`),
  },
  checks: { text: ({ after }) => safe('text', `${named(after)} says it in other words.`) },
  groups: {
    form: ({ after, to }) => needsMapping('moved', `${named(after)} is on form ${to} now.`),
    repeating: ({ after, to }) =>
      losesData(
        'repeating',
        `${named(after)} is ${to ? '' : 'not '}entered in rows now; what was entered is kept as retired.`,
      ),
    maxRows: ({ after, from, to }) =>
      typeof to !== 'number' || (typeof from === 'number' && to > from)
        ? safe('more-rows', `${named(after)} may have more rows.`)
        : needsMapping('fewer-rows', `${named(after)} may have only ${to} rows now.`),
  },
  items: {
    place: ({ after, from, to }) => {
      const [old, now] = [from as Place, to as Place];
      const text = `${named(after)} stands in group ${now.group} of form ${now.form} now, not in ${old.group} of ${old.form}`;
      if (old.form === now.form && !old.rows && !now.rows) return safe('moved', `${text}.`);
      if (old.form === now.form && old.group === now.group) return [];
      return needsMapping('moved', `${text}; what was entered stays there as retired.`);
    },
    type: typeChange,
    unit: ({ after, from, to }) =>
      needsMapping(
        'unit',
        `${named(after)} is in ${to ?? 'no unit'} now; values so far are in ${from ?? 'none'}.`,
      ),
    length: ({ after, from, to }) => {
      // Where only one of them is a text, the change of type says it all.
      if (typeof from !== 'number' || typeof to !== 'number') return [];
      return to > from
        ? safe('longer', `${named(after)} may have ${to} characters now, not only ${from}.`)
        : needsMapping('shorter', `${named(after)} may have only ${to} characters now, not ${from}.`);
    },
    codeList: codeListChange,
    softRange: rangeChange('is queried'),
    hardRange: rangeChange('is refused'),
    presence: ({ after, from, to }) =>
      to === 'optional' || (from === 'mandatory' && to === 'conditional')
        ? safe('presence', `${named(after)} is ${to} now, no longer ${from}.`)
        : needsMapping('presence', `${named(after)} is ${to} now; complete forms may lack it.`),
    showIf: ({ after, to }) =>
      to === undefined
        ? safe('condition', `${named(after)} always applies now.`)
        : needsMapping('condition', `${named(after)} applies under another condition; queries follow.`),
    identifying: ({ after, to }) =>
      to
        ? needsMapping(
            'identifying',
            `Dangerous: ${named(after)} identifies the subject now, but what was entered stays readable in the log.`,
          )
        : needsMapping(
            'not-identifying',
            `Dangerous: ${named(after)} no longer counts as identifying: new values enter the log and exports unsealed; old ones stay sealed.`,
          ),
    revealsArm: ({ after, to }) =>
      to
        ? safe('reveals-arm', `${named(after)} is masked for whoever is blinded.`)
        : needsMapping(
            'shows-arm',
            `Dangerous: ${named(after)} is shown to whoever is blinded, old values too.`,
          ),
    hiddenFrom: ({ after, from, to }) => {
      const shownTo = (from as string[]).filter((role) => !(to as string[]).includes(role));
      return shownTo.length === 0
        ? safe('hidden', `${named(after)} is hidden from ${(to as string[]).join(', ')}.`)
        : needsMapping('shown', `${named(after)} is shown to ${shownTo.join(', ')}, old values too.`);
    },
    derived: ({ after, to }) =>
      needsMapping(
        'derived',
        `${named(after)} is ${to ? 'computed now, not entered' : 'entered now, not computed'}.`,
      ),
  },
};

const harmless = new Set([
  'queries',
  'duplicates',
  'enrolment',
  'study',
  'endpoints',
  'visits',
  'arms',
  'codeLists',
  'codes',
  'odm',
  'sdtm',
  'verification',
]);

function otherChange(name: string, { after }: PropertyChange): Finding {
  const text = `${named(after)}: ${name} has changed.`;
  return harmless.has(after.section) ? safe(name, text) : needsMapping(name, text);
}

function repetition({ after, to }: PropertyChange): Finding {
  return to
    ? safe('repeating', `${named(after)} may be entered several times.`)
    : losesData('not-repeating', `${named(after)} is entered once; further repeats are kept as retired.`);
}

const widening = new Set(['integer decimal', 'date partialDate']);
const losingTypes = new Set(['decimal integer', 'codes code']);

function typeChange({ after, from, to }: PropertyChange): Finding {
  const text = `${named(after)} is of type ${to} now, not ${from}`;
  const change = `${from} ${to}`;
  if (widening.has(change)) return safe('type-wider', `${text}: every value still fits.`);
  if (losingTypes.has(change)) return losesData('type', `${text}: some values cannot be said so.`);
  return needsMapping('type', `${text}.`);
}

function codeListChange({ after, from, to, old, now }: PropertyChange): Finding[] {
  if (typeof from !== 'string' || typeof to !== 'string') return [];
  const text = `${named(after)} has codes of ${to} now, not of ${from}`;
  const labels = (parts: Parts, list: string) => {
    const at = `${pointerTo('/codeLists', list)}/codes`;
    return new Map(
      parts.orders.get(at)?.map((path) => [path.slice(at.length), parts.parts.get(path)!.label]),
    );
  };
  const codes = labels(now, to);
  const fits = [...labels(old, from)].every(([code, label]) => codes.get(code) === label);
  return [
    fits ? safe('code-list', `${text}, and it has all of them.`) : needsMapping('code-list', `${text}.`),
  ];
}

function rangeChange(consequence: string): Rule {
  return ({ after, from, to }) => {
    const { min: oldMin = -Infinity, max: oldMax = Infinity } = (from ?? {}) as Bounds;
    const { min = -Infinity, max = Infinity } = (to ?? {}) as Bounds;
    const text = `${named(after)} ${consequence} outside ${interval(to as Bounds | undefined)}, before outside ${interval(from as Bounds | undefined)}.`;
    return min <= oldMin && max >= oldMax ? safe('range-wider', text) : needsMapping('range-narrower', text);
  };
}

function interval({ min, max }: Bounds = {}): string {
  return min === undefined && max === undefined ? 'no range' : `${min ?? ''}–${max ?? ''}`;
}

function named({ section, oid, label }: Part): string {
  const noun = nouns[section] ?? section;
  const single = singles[section];
  if (single !== undefined) return single;
  return label === oid ? `${noun} ${oid}` : `${noun} ${oid} (${label})`;
}

const safe = (kind: string, text: string): Finding => ({ kind, verdict: 'safe', text });
const needsMapping = (kind: string, text: string): Finding => ({ kind, verdict: 'needs-mapping', text });
const losesData = (kind: string, text: string): Finding => ({ kind, verdict: 'loses-data', text });
