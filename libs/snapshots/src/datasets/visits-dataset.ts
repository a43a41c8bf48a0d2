import { armsTold, type Casebook, type FormState, windowOf } from '#casebook';
import type { RecordedEvent } from '#event-store';
import type { CompiledStudy } from '#study';
import type { Value } from '#tabular';
import { formatKey, parseKey } from '#values';
import { type Dataset, type DatasetRow, placeColumns, type StudyAt } from '../dataset.js';

/**
 * One row a visit that is planned for the subject or has an entry. What depends on the day on which somebody
 * looks, such as whether it is overdue, is not here.
 */
export function visitsDataset(study: StudyAt): Dataset {
  const told = armsTold(study);
  const reading = study.lineage.readAs();
  return {
    name: 'VISITS',
    label: 'Visits',
    columns: [
      ...placeColumns,
      { name: 'VISIT', label: 'Visit', type: 'string' },
      { name: 'VISITREP', label: 'Repeat of the visit', type: 'integer' },
      { name: 'VISITNAM', label: 'Name of the visit', type: 'string' },
      { name: 'PLANNED', label: 'The visit is planned for the subject', type: 'boolean' },
      { name: 'EARLIEST', label: 'First day on time', type: 'date' },
      { name: 'TARGET', label: 'Planned day', type: 'date' },
      { name: 'LATEST', label: 'Last day on time', type: 'date' },
      { name: 'FORMS', label: 'Forms entered', type: 'integer' },
      { name: 'COMPLETE', label: 'Forms complete', type: 'integer' },
      { name: 'FIRSTAT', label: 'First entry', type: 'datetime' },
      { name: 'LASTAT', label: 'Last entry or correction', type: 'datetime' },
      { name: 'ALLFORMS', label: 'As FORMS, with forms of one arm', type: 'integer', tellsArms: true },
      { name: 'ALLCOMPL', label: 'As COMPLETE, with forms of one arm', type: 'integer', tellsArms: true },
      { name: 'ALLFIRST', label: 'As FIRSTAT, with forms of one arm', type: 'datetime', tellsArms: true },
      { name: 'ALLLAST', label: 'As LASTAT, with forms of one arm', type: 'datetime', tellsArms: true },
    ],
    // Every entry makes the forms others.
    basis: ({ casebook: { site, definition, arm, forms } }) => [site, definition, arm, forms],
    *rows({ casebook, events }) {
      const version = study.versions[casebook.definition - 1]!;
      const planned = plannedVisits(version, casebook);
      const forms = Object.values(casebook.forms).filter(isEntered);
      const entries = entriesByVisit(events);
      for (const visit of new Set([...planned, ...forms.map((form) => form.visit)])) {
        const { oid, repeat } = parseKey(visit)!;
        const own = forms.filter((form) => form.visit === visit);
        const shared = own.filter(({ form }) => !told.byForm(form));
        const isPlanned = planned.has(visit);
        const plan = version.visit(oid);
        const {
          earliest = null,
          target = null,
          latest = null,
        } = (isPlanned && plan && windowOf(plan, casebook, version)) || {};
        yield {
          key: `${casebook.subject}/${visit}`,
          cells: [
            ...[study.oid, casebook.site, casebook.subject, oid, repeat, reading.visit(oid)?.label ?? null],
            ...[isPlanned, earliest, target, latest],
            ...toldOf(shared, entries.get(visit)),
            ...toldOf(own, entries.get(visit)),
          ],
          ...((told.byVisit(visit) || (!isPlanned && shared.length === 0)) && { tellsArms: true }),
        } satisfies DatasetRow;
      }
    },
  };
}

/** Scheduled for the subject's arm; one that is counted from an event, only once that has happened. */
function plannedVisits(version: CompiledStudy, casebook: Casebook): Set<string> {
  const visits = version.definition.visits.flatMap(({ oid, type }) => {
    const visit = version.visit(oid)!;
    const { arms, from } = visit.target ?? {};
    const forArm = !arms || arms.includes(casebook.arm?.code ?? '');
    const isPlanned = type === 'scheduled' && forArm && (!from || windowOf(visit, casebook, version));
    return isPlanned ? [formatKey({ oid, repeat: 1 })] : [];
  });
  return new Set(visits);
}

const isEntered = ({ items }: FormState) => Object.values(items).some(({ held }) => held !== null);

const ENTRIES = new Set(['ItemsEntered', 'ItemsCorrected']);

interface Entry {
  readonly form: string;
  readonly at: string;
}

/** The acts of people that entered something, by visit. */
function entriesByVisit(events: readonly RecordedEvent[]): Map<string, Entry[]> {
  const entries = new Map<string, Entry[]>();
  for (const { type, data, recordedAt: at } of events) {
    if (!ENTRIES.has(type)) continue;
    const { visit, form } = data as FormState;
    const own = entries.get(visit);
    if (own) own.push({ form, at });
    else entries.set(visit, [{ form, at }]);
  }
  return entries;
}

/** How many of a visit's forms, how many complete; the first and the last entry in them. */
function toldOf(forms: readonly FormState[], entries: readonly Entry[] = []): Value[] {
  const acts = entries.filter(({ form }) => forms.some((own) => own.form === form));
  const complete = forms.filter((form) => form.complete);
  return [forms.length, complete.length, acts[0]?.at ?? null, acts.at(-1)?.at ?? null];
}
