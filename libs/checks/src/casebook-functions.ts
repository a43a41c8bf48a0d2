import type { FormView } from './casebook-view.js';
import type { FormScope, VisitDescription } from './environment.js';
import type { Expression, Frame, Scope, SpecialFunction } from './expression.js';
import { refuse } from './fault.js';
import { literalText, type Node } from './syntax.js';
import { listOf, nameOf } from './types.js';

/** Functions that reach the other forms of the casebook, and the rows of a form. */
export const casebookFunctions: ReadonlyMap<string, SpecialFunction> = new Map<string, SpecialFunction>([
  ['forms', compileForms],
  ['latest', (node, args, scope) => one(node, args, scope, (frame, form) => allOf(frame, form).at(-1))],
  ['previous', (node, args, scope) => one(node, args, scope, (frame, form) => earlierOf(frame, form).at(-1))],
  ['all', (node, args, scope) => several(node, args, scope, allOf)],
  ['earlier', (node, args, scope) => several(node, args, scope, earlierOf)],
  ['rows', compileRows],
]);

function allOf({ casebook, budget }: Frame, form: string): readonly FormView[] {
  const found = casebook.all(form);
  budget.spend(found.length);
  return found;
}

function earlierOf({ casebook, form: than, budget }: Frame, form: string): readonly FormView[] {
  budget.spend(casebook.all(form).length);
  return casebook.earlier(form, than);
}

function one(
  node: Node,
  args: readonly Node[],
  scope: Scope,
  find: (frame: Frame, form: string) => FormView | undefined,
): Expression {
  const { oid, elsewhere } = onlyForm(node, args, scope);
  return { type: elsewhere, run: (frame) => find(frame, oid) };
}

function several(
  node: Node,
  args: readonly Node[],
  scope: Scope,
  find: (frame: Frame, form: string) => readonly FormView[],
): Expression {
  const { oid, elsewhere } = onlyForm(node, args, scope);
  return { type: listOf(elsewhere), run: (frame) => find(frame, oid) };
}

/** `forms('SU')` where the plan has one at most, otherwise `forms('FU', 'V_M06')`; of repeats the last. */
function compileForms(node: Node, args: readonly Node[], scope: Scope): Expression {
  const [formArg, visitArg] = args;
  if (args.length > 2) refuse('wrong-arguments', 'forms takes a form and a visit', node);
  const form = formOf(formArg ?? node, scope);
  const visits = [...scope.environment.visits.values()].filter((visit) => visit.forms.includes(form.oid));
  const oid = form.oid;
  if (!visitArg) {
    if (visits.length > 1 || visits.some(({ repeating }) => repeating) || form.repeating)
      refuse(
        'wrong-arguments',
        `${oid} can occur more than once: name the visit, or use latest, previous, earlier or all`,
        node,
      );
    return { type: form.elsewhere, run: (frame) => allOf(frame, oid).at(-1) };
  }
  readOrder(form, scope);
  const visit = visitOf(visitArg, form, visits);
  return {
    type: form.elsewhere,
    run: (frame) => allOf(frame, oid).findLast((view) => view.facts.visit === visit),
  };
}

function visitOf(node: Node, form: FormScope, visits: readonly VisitDescription[]): string {
  const visit = literalText(node);
  if (visit === undefined) return refuse('wrong-arguments', "A visit is written out: 'V_M06'", node);
  if (!visits.some(({ oid }) => oid === visit))
    refuse('unknown-name', `No visit ${visit} has form ${form.oid}`, node);
  return visit;
}

function onlyForm(node: Node, args: readonly Node[], scope: Scope): FormScope {
  const [arg] = args;
  if (!arg || args.length > 1) return refuse('wrong-arguments', 'Takes one form', node);
  const form = formOf(arg, scope);
  readOrder(form, scope);
  return form;
}

function formOf(node: Node, { environment, reads }: Scope): FormScope {
  const oid = literalText(node);
  if (oid === undefined) return refuse('wrong-arguments', "A form is written out: 'FU'", node);
  const form = environment.forms.get(oid);
  if (!form) return refuse('unknown-name', `There is no form ${oid}`, node);
  reads.forms.add(oid);
  return form;
}

/** Which of several occurrences is meant depends on the dates of both forms. */
function readOrder(form: FormScope, { form: own, reads }: Scope): void {
  if (form.date?.oid) reads.elsewhere.add(form.date.oid);
  if (own.date?.oid) reads.own.add(own.date.oid);
}

/** `rows('TL')` of the form being checked, `rows(previous('IM'), 'TL')` of another. */
function compileRows(node: Node, args: readonly Node[], scope: Scope): Expression {
  const nameArg = args.at(-1);
  if (!nameArg || args.length > 2) return refuse('wrong-arguments', 'rows takes a form and a group', node);
  const of: Expression =
    args.length === 2 ? scope.compile(args[0]!, scope) : { type: scope.form.own, run: (frame) => frame.form };
  const name = literalText(nameArg);
  const group = of.type.kind === 'record' && name !== undefined ? of.type.groups.get(name) : undefined;
  if (!group || name === undefined)
    return refuse('unknown-name', `${nameOf(of.type)} has no repeating group of this name`, nameArg);
  // Rows come and go with their items.
  const reads = scope.reads[group.own ? 'own' : 'elsewhere'];
  for (const { oid } of group.items.values()) if (oid) reads.add(oid);
  return {
    type: listOf(group),
    run: (frame) => {
      const form = of.run(frame) as FormView | undefined;
      const rows = form?.rows(name);
      frame.budget.spend(rows?.length ?? 0);
      return rows;
    },
  };
}
