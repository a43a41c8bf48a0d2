import { adjudicatedItems, type CompiledItem, type CompiledVisit, type Lineage } from '#study';
import { parseKey } from '#values';
import type { Casebook } from '../casebook.js';
import { readableForm } from '../form/plan.js';
import { type ItemView, type Reader, viewForm } from '../form/view.js';
import { adjudicationStatus } from './adjudication-state.js';

/**
 * What the endpoint committee is shown of a death: the casebook without the arm and what tells it, without the
 * site's cause, without what identifies the subject, and without the other members' opinions.
 *
 * @param member id of the reader, who is shown an opinion of their own
 */
export function viewPacket(casebook: Casebook, lineage: Lineage, member: string) {
  const { subject, consentDate, died, adjudication } = casebook;
  const study = lineage.followed;
  const own = adjudication?.opinions.find(({ by }) => by === member);
  const reader = committeeReader(lineage);
  const causes = study.item(study.definition.adjudication?.final ?? '')?.codes ?? new Map<string, string>();
  return {
    subjectKey: subject,
    status: adjudicationStatus(casebook),
    died,
    consentDate,
    opinions: adjudication?.opinions.length ?? 0,
    own: own ? { cause: own.cause, comment: own.comment ?? null, at: own.at } : null,
    cause: adjudication?.final?.cause ?? null,
    causes: [...causes].map(([code, label]) => ({ code, label })),
    forms: Object.values(casebook.forms).flatMap((form) => {
      const visit = lineage.readAs().visit(parseKey(form.visit)?.oid ?? '');
      if (!visit || tellsArm(visit, lineage)) return [];
      const { items, rows } = viewForm(form, [], lineage, reader);
      if (Object.keys(items).length + Object.keys(rows).length === 0) return [];
      const labelled = Object.entries(items).map(([oid, view]) => labelledItem(oid, view, lineage));
      return {
        visit: form.visit,
        visitLabel: visit.label,
        form: form.form,
        formLabel: readableForm(lineage, form).label,
        items: labelled,
        rows: Object.entries(rows).flatMap(([group, own]) =>
          own.map((row) => ({
            group,
            rowKey: row.rowKey,
            items: Object.entries(row.items).map(([oid, view]) => labelledItem(oid, view, lineage)),
          })),
        ),
      };
    }),
  };
}

function committeeReader(lineage: Lineage): Reader {
  // What a later version came to mask is masked in older entries, and at earlier moments, too.
  const plans = [lineage.followed, lineage.newest].flatMap(({ definition }) => definition.adjudication ?? []);
  const masked = new Set(plans.flatMap((plan) => [...plan.masked, ...adjudicatedItems(plan)]));
  return {
    identity: false,
    arms: false,
    item: ({ oid, revealsArm, identifying, hiddenFrom }: CompiledItem) => {
      const now = lineage.readAs().item(oid);
      const masks = revealsArm || now?.revealsArm || identifying || now?.identifying;
      return !masks && !masked.has(oid) && !hiddenFrom?.includes('adjudicator');
    },
    unseal: () => undefined,
  };
}

/** A visit that only one arm has, or that counts from what tells the arms apart. */
function tellsArm({ target }: CompiledVisit, lineage: Lineage): boolean {
  if (!target) return false;
  return target.arms !== undefined || lineage.readAs().item(target.from ?? '')?.revealsArm === true;
}

/** Who entered a value, and when, is nothing that the committee judges by. */
function labelledItem(item: string, { value, missing }: ItemView, lineage: Lineage) {
  const { label = item, unit } = lineage.readAs().item(item) ?? {};
  return { item, label, value, missing, ...(unit && { unit }) };
}
