import type { RecordedEvent } from '#event-store';
import { beginning, endpointsTelling, evolveCourse, itemsRead, rowsOfCourse, showOutcome } from '#outcomes';
import type { Dataset, StudyAt } from '../dataset.js';

/** One row a subject and endpoint, with the variables of ADaM's ADTTE. */
export function outcomesDataset({ oid, versions, lineage }: StudyAt): Dataset {
  const read = new Set(versions.flatMap(({ definition }) => itemsRead(definition)));
  const telling = endpointsTelling(
    versions.map(({ definition }) => definition),
    lineage.readAs().item,
  );
  const matters = (event: RecordedEvent) => evolveCourse(beginning, event, read) !== beginning;
  return {
    name: 'OUTCOMES',
    label: 'Outcomes: time to event',
    columns: [
      { name: 'STUDYID', label: 'Study', type: 'string' },
      { name: 'USUBJID', label: 'Unique subject', type: 'string' },
      { name: 'SUBJID', label: 'Subject', type: 'string' },
      { name: 'SITEID', label: 'Site', type: 'string' },
      { name: 'ARMCD', label: 'Arm as first allocated', type: 'string', tellsArms: true },
      { name: 'PARAMCD', label: 'Endpoint', type: 'string' },
      { name: 'PARAM', label: 'Name of the endpoint', type: 'string' },
      { name: 'STARTDT', label: 'Start', type: 'date' },
      { name: 'ADT', label: 'End', type: 'date' },
      { name: 'ADTF', label: 'What of the end was imputed: D or M', type: 'string' },
      { name: 'AVAL', label: 'Time to the end', type: 'decimal', unit: 'months' },
      { name: 'AVALDAYS', label: 'Days from start to end', type: 'integer', unit: 'days' },
      { name: 'CNSR', label: '0 event, 1 censored, 2 competing event', type: 'integer' },
      { name: 'EVNTDESC', label: 'Event, or competing event', type: 'string' },
      { name: 'CNSDTDSC', label: 'Date of censoring', type: 'string' },
      { name: 'SRCDOM', label: 'Form that holds the end', type: 'string' },
      { name: 'SRCVAR', label: 'Item that holds the end', type: 'string' },
      { name: 'SRCSEQ', label: 'Position of the act that entered the end', type: 'integer' },
      { name: 'EVTTYPE', label: '0 censored, 1 event, 2 competing event', type: 'integer' },
    ],
    basis: ({ casebook: { definition }, events }) => [definition, events.findLast(matters)],
    *rows({ casebook, events }) {
      const version = versions[casebook.definition - 1]!;
      const labels = new Map(version.definition.endpoints.map((one) => [one.oid, one.label]));
      const course = events.reduce((before, event) => evolveCourse(before, event, read), beginning);
      for (const row of rowsOfCourse(oid, course, version)) {
        const { endpoint, event, description } = row;
        const { subject, site, arm, start, end, days } = row;
        const { adtf, aval, cnsr, srcDom, srcVar, srcSeq } = showOutcome(row, true);
        const described = event === 0 ? [null, description] : [description, null];
        yield {
          key: `${subject}/${endpoint}`,
          cells: [
            ...[oid, usubjid(oid, subject), subject, site, arm, endpoint, labels.get(endpoint)!],
            ...[start, end, adtf, aval, days, cnsr, ...described, srcDom, srcVar, srcSeq, event],
          ],
          ...(telling.has(endpoint) && { tellsArms: true }),
        };
      }
    },
  };
}

/** Unlike a subject's key, unique among all studies. */
export const usubjid = (study: string, subject: string) => `${study}-${subject}`;
