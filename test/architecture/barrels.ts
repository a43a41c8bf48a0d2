import ts from 'typescript';
import type { Source } from './sources.js';

const FACE = /^libs\/[^/]+\/src\/index\.ts$/;

/**
 * What a file hands on that is not its own, as `path:line`. Only a library's face, its src/index.ts, may;
 * anywhere else it is a second way to the same thing, and how circles begin.
 */
export function reExports({ path, text }: Source): string[] {
  if (FACE.test(path)) return [];
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023);
  return file.statements
    .filter((statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier)
    .map((statement) => `${path}:${file.getLineAndCharacterOfPosition(statement.getStart(file)).line + 1}`);
}

/** Whether a file is an index without being a library's face. */
export function isStrayIndex({ path }: Source): boolean {
  return path.startsWith('libs/') && path.endsWith('/index.ts') && !FACE.test(path);
}
