import type { EventStore } from '#event-store';
import { shippedStudies } from '#study';

/** Items that each subject has: two laboratory forms of twenty. */
export const ITEMS_EACH = 40;

export const actor = { user: 'bench', role: 'coordinator' };
export const subjectKey = (number: number) => `FR01-${String(number).padStart(6, '0')}`;

const laboratory = shippedStudies()[0]!
  .forms.find(({ oid }) => oid === 'LB')!
  .groups.flatMap((group) => group.items);

/** Appends subjects to a log, each enrolled and with its two forms: three events. */
export async function enrolSubjects(store: EventStore, log: string, count: number): Promise<void> {
  if (itemsEntered('V_SCR').data.changes.length * 2 !== ITEMS_EACH)
    throw new Error('the form has other items');
  let next = 0;
  const work = async () => {
    for (let number = next++; number < count; number = next++) {
      const subject = subjectKey(number);
      const enrolled = { site: 'FR01', subject, consentDate: '2026-01-02', definition: 1 };
      await store.append(log, {
        stream: `subject/${subject}`,
        expectedRevision: -1,
        actor,
        events: [{ type: 'SubjectEnrolled', data: enrolled }, itemsEntered('V_SCR'), itemsEntered('V_M06')],
      });
    }
  };
  await Promise.all(Array.from({ length: 64 }, work));
}

function itemsEntered(visit: string) {
  const changes = laboratory.slice(0, ITEMS_EACH / 2).map(({ oid, type }, i) => ({
    item: oid,
    from: null,
    to: {
      value: type === 'date' ? '2026-01-05' : type === 'decimal' || type === 'integer' ? 10 + i : 'Central',
    },
  }));
  return { type: 'ItemsEntered', data: { visit, form: 'LB', first: true, changes } };
}
