import type { ConditionDefinition } from '#checks';
import type { Definition } from './definition.js';

export interface PlacedCondition {
  readonly condition: ConditionDefinition;
  /** To the expression. */
  readonly pointer: string;
}

/** The conditions of all items. What a site cannot enter it cannot owe. */
export function conditionsOf({ forms }: Pick<Definition, 'forms'>): PlacedCondition[] {
  return forms.flatMap(({ groups }, f) =>
    groups.flatMap(({ items }, g) =>
      items.flatMap(({ oid, showIf, presence, hiddenFrom }, i) => {
        if (showIf === undefined) return [];
        const required = presence === 'conditional' && !hiddenFrom;
        return {
          condition: { item: oid, when: showIf, required },
          pointer: `/forms/${f}/groups/${g}/items/${i}/showIf`,
        };
      }),
    ),
  );
}
