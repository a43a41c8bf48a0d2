import type { CompiledStudy, CompiledVisit, Lineage } from '#study';
import { parseKey } from '#values';
import { tellsArmsNow } from './form/plan.js';

/** Whether something tells the arms apart by being there at all. */
export interface ArmsTold {
  /** A form whose items all do, by its key. */
  byForm(form: string): boolean;
  /** A visit that only some arms have, as any version plans it, by its key. */
  byVisit(visit: string): boolean;
}

/** In any of a study's versions; what an item tells, the newest says that has it. */
export function armsTold({
  versions,
  lineage,
}: {
  readonly versions: readonly CompiledStudy[];
  readonly lineage: Lineage;
}): ArmsTold {
  const reading = lineage.readAs();
  const byForm = remembered((oid) => {
    const form = reading.form(oid);
    return form !== undefined && tellsArmsNow(form, reading);
  });
  const tells = ({ target, forms }: CompiledVisit, arms: readonly { code: string }[]) =>
    arms.some(({ code }) => target?.arms?.includes(code) === false) ||
    reading.item(target?.from ?? '')?.revealsArm === true ||
    (forms.length > 0 && forms.every(({ oid }) => byForm(oid)));
  const byVisit = remembered((oid) =>
    versions.some((version) => {
      const visit = version.visit(oid);
      return visit !== undefined && tells(visit, version.definition.arms);
    }),
  );
  const oidOf = (key: string) => parseKey(key)?.oid ?? '';
  return { byForm: (key) => byForm(oidOf(key)), byVisit: (key) => byVisit(oidOf(key)) };
}

function remembered(find: (oid: string) => boolean): (oid: string) => boolean {
  const known = new Map<string, boolean>();
  return (oid) => {
    if (!known.has(oid)) known.set(oid, find(oid));
    return known.get(oid)!;
  };
}
