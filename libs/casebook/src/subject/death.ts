import type { CompiledStudy } from '#study';
import type { Casebook, CasebookEvent } from '../casebook.js';

/** Death is a fact of the record, so the subject's status follows the record's date of death. */
export function followDeath(casebook: Casebook, study: CompiledStudy): CasebookEvent[] {
  const date = deathDate(casebook, study);
  const actor = { system: 'milestone' };
  if (date === casebook.died) return [];
  if (date) return [{ type: 'SubjectDied', data: { date }, actor }];
  return [{ type: 'DeathRetracted', data: {}, actor }];
}

function deathDate(casebook: Casebook, study: CompiledStudy): string | undefined {
  const item = study.item(study.definition.milestones.death ?? '');
  for (const form of Object.values(casebook.forms)) {
    const held = item && form.items[item.oid]?.held;
    if (held && 'value' in held) return held.value as string;
  }
  return undefined;
}
