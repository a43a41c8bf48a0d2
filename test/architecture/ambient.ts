import ts from 'typescript';
import type { Source } from './sources.js';

/** Members that tell more than they are given: the time, chance, or the surroundings of the process. */
const ambient: Readonly<Record<string, readonly string[]>> = {
  Date: ['now'],
  Math: ['random'],
  performance: ['now', 'timeOrigin'],
  process: ['env', 'hrtime', 'uptime'],
  crypto: [
    'getRandomValues',
    'randomBytes',
    'randomFill',
    'randomFillSync',
    'randomInt',
    'randomUUID',
    'webcrypto',
  ],
};

/** The module of Node that has an object's members. */
const modules: Readonly<Record<string, string>> = {
  crypto: 'crypto',
  perf_hooks: 'performance',
  process: 'process',
};

/**
 * Where a file reads the clock, randomness or the environment, as `path:line what`. These belong to the
 * apps; a library is given them, so that the same call has the same answer.
 */
export function ambientReads({ path, text }: Source): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const objects = importedObjects(file);
  const reads: string[] = [];
  const visit = (node: ts.Node): void => {
    const read = readIn(node, objects);
    if (read)
      reads.push(`${path}:${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1} ${read}`);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return reads;
}

/** The file's own names for the objects and whole modules that it imports. */
function importedObjects(file: ts.SourceFile): Map<string, string> {
  const objects = new Map<string, string>();
  for (const statement of file.statements.filter(ts.isImportDeclaration)) {
    const object = objectOf(statement);
    const { name, namedBindings } = statement.importClause ?? {};
    if (!object) continue;
    if (name) objects.set(name.text, object);
    if (!namedBindings) continue;
    if (ts.isNamespaceImport(namedBindings)) objects.set(namedBindings.name.text, object);
    else
      for (const one of namedBindings.elements)
        if (one.propertyName?.text === object) objects.set(one.name.text, object);
  }
  return objects;
}

function objectOf({ moduleSpecifier }: ts.ImportDeclaration): string | undefined {
  return ts.isStringLiteral(moduleSpecifier)
    ? modules[moduleSpecifier.text.replace(/^node:/, '')]
    : undefined;
}

function readIn(node: ts.Node, objects: ReadonlyMap<string, string>): string | undefined {
  const objectIn = (expression: ts.Expression): string | undefined => {
    if (ts.isIdentifier(expression)) return objects.get(expression.text) ?? expression.text;
    const isGlobal =
      ts.isPropertyAccessExpression(expression) && expression.expression.getText() === 'globalThis';
    return isGlobal ? expression.name.text : undefined;
  };
  if (ts.isImportSpecifier(node)) {
    return member(
      objectOf(node.parent.parent.parent as ts.ImportDeclaration),
      (node.propertyName ?? node.name).text,
    );
  }
  if (ts.isPropertyAccessExpression(node)) return member(objectIn(node.expression), node.name.text);
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return member(objectIn(node.expression), node.argumentExpression.text);
  }
  if (ts.isBindingElement(node) && ts.isVariableDeclaration(node.parent.parent)) {
    const { initializer } = node.parent.parent;
    return initializer && member(objectIn(initializer), (node.propertyName ?? node.name).getText());
  }
  if (ts.isNewExpression(node) && !node.arguments?.length && objectIn(node.expression) === 'Date')
    return 'new Date()';
  if (ts.isCallExpression(node) && objectIn(node.expression) === 'Date') return 'Date()';
  return undefined;
}

function member(object: string | undefined, name: string): string | undefined {
  return object && ambient[object]?.includes(name) ? `${object}.${name}` : undefined;
}
