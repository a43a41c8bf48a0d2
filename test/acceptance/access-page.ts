import { permissions, type Role, roles } from '#access';

export interface Operation {
  readonly method: string;
  readonly path: string;
  /** Permissions, or `public` or `signed-in`; undefined where nothing was declared. */
  readonly need: readonly string[] | undefined;
}

/** What the reference of a running server says of its operations. */
export function operationsOf(document: {
  paths: Record<string, Record<string, { 'x-permission'?: string[] }>>;
}): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      need: operation['x-permission'],
    })),
  );
}

export function permits(role: Role, need: readonly string[]): boolean {
  return need.some((one) => (permissions as Record<string, readonly Role[]>)[one]?.includes(role));
}

/** `docs/roles.md`: which role may do what, and what each operation needs. */
export function rolesPage(operations: readonly Operation[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const table = (head: readonly string[], rows: string[][]) =>
    [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
  const rights = Object.entries(permissions).map(([permission, holders]) => [
    permission,
    ...roles.map((role) => ((holders as readonly Role[]).includes(role) ? 'yes' : '')),
  ]);
  const needs = operations
    .filter(({ need }) => need?.[0] !== 'public')
    .map(({ method, path, need = [] }) => [`\`${method} ${path.replace('/api/v1', '')}\``, need.join(', ')])
    .sort(([a], [b]) => (a! < b! ? -1 : 1));
  return `# Who may do what

Made from the one table of rights, \`libs/access/src/roles.ts\`, and from what every route declares; \`npm test\` fails where this page is not what they say (\`npx vitest run test/acceptance/access-matrix.spec.ts -u\` writes it anew).

A right holds in the study, at the sites and on the days of the grant that gives it. Outside them there is no such thing (404); inside, what no role of the caller permits is refused (403).

## Rights by role

${table(['', ...roles], rights)}

## What each operation needs

\`signed-in\`: whoever has an account, for what is their own. Paths begin after \`/api/v1\`.

${table(['operation', 'needs'], needs)}
`;
}
