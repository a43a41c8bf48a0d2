import type { CheckDefinition, DerivationDefinition } from '#checks';
import type { ConditionDef, MethodDef } from '#odm';
import { aliasesOf, extensionOf } from './odm-extension.js';

/** What the formal expressions of checks and derivations are written in. */
const LANGUAGE = 'CEL';

/** An edit check as the condition under which its query is raised; the query's text describes it. */
export function conditionOf({ oid, when, text, ...rest }: CheckDefinition, odmOid: string): ConditionDef {
  return {
    oid: odmOid,
    name: oid,
    description: { '': text },
    formalExpressions: [{ context: LANGUAGE, code: when }],
    ...aliasesOf({ oid: oid === odmOid ? undefined : oid, ...rest }),
  };
}

/** The check of a condition; undefined for a condition that is none of ours. `oid` gives it its name. */
export function checkOf(condition: ConditionDef, oid: (own: unknown) => string): CheckDefinition | undefined {
  const { oid: own, ...extension } = extensionOf(condition);
  if (extension.level === undefined) return undefined;
  return {
    oid: oid(own),
    when: codeOf(condition),
    text: condition.description[''] ?? '',
    ...(extension as unknown as Pick<CheckDefinition, 'forms' | 'level' | 'items'>),
  };
}

/** When an item is not collected, which is where its own condition does not hold. */
export function exceptionOf(item: string, showIf: string, odmOid: string): ConditionDef {
  return {
    oid: odmOid,
    name: `Exception of ${item}`,
    description: { '': 'Where the item does not apply' },
    formalExpressions: [{ context: LANGUAGE, code: `!(${showIf})` }],
    ...aliasesOf({ showIf }),
  };
}

/** Under which condition an item is asked for; undefined for a condition that is none of ours. */
export function showIfOf(condition: ConditionDef): string | undefined {
  const { showIf } = extensionOf(condition);
  return typeof showIf === 'string' ? showIf : undefined;
}

export function methodOf({ item, expression }: DerivationDefinition, odmOid: string): MethodDef {
  return {
    oid: odmOid,
    name: `Derivation of ${item}`,
    type: 'Computation',
    description: { '': 'The value of the item' },
    formalExpressions: [{ context: LANGUAGE, code: expression }],
    ...aliasesOf({ item }),
  };
}

/** The derivation of a method; undefined for a method that is none of ours. */
export function derivationOf(method: MethodDef): DerivationDefinition | undefined {
  const { item } = extensionOf(method);
  return typeof item === 'string' ? { item, expression: codeOf(method) } : undefined;
}

function codeOf({ formalExpressions = [] }: ConditionDef): string {
  return formalExpressions.find(({ context }) => context === LANGUAGE)?.code ?? '';
}
