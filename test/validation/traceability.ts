import { REQUIREMENTS, type Requirement } from './requirements.js';

/** A test as it ran. */
export interface Ran {
  /** From the root of the project. */
  readonly file: string;
  /** With those of the blocks that it stands in. */
  readonly name: string;
  readonly passed: boolean;
}

/** What ran, and on what. */
export interface Run {
  readonly version: string;
  readonly commit: string;
  readonly day: string;
  readonly platform: string;
}

/** The requirements that the name of a test says it shows. */
export const shownBy = (name: string): string[] => name.match(/\bC-\d{2}\b/g) ?? [];

/** Requirement by requirement the tests that show it, and how they ended. Markdown. */
export function matrix(tests: readonly Ran[], run: Run): string {
  // Files end in another order each time.
  const sorted = tests.toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  const traced = REQUIREMENTS.map((requirement) => ({
    requirement,
    own: sorted.filter(({ name }) => shownBy(name).includes(requirement.id)),
  }));
  const failed = tests.filter(({ passed }) => !passed).length;
  return `${[
    '# Traceability of requirements to tests',
    `Daybook ${run.version}, commit \`${run.commit}\`, ${run.day}, ${run.platform}. Of ${tests.length} tests ${failed} failed.`,
    'Made by `npm run -s validation`, which runs every test and writes this page. The requirements are in `test/validation/requirements.ts`; a test shows one by having its number in its name. What only an organisation can do (procedures, training, qualification of its machines) is not here.',
    '| | The system … | asked for by | tests | result |\n| --- | --- | --- | --- | --- |',
  ].join('\n\n')}\n${traced.map(row).join('\n')}\n\n${traced.map(evidence).join('\n\n')}\n`;
}

interface Traced {
  readonly requirement: Requirement;
  readonly own: readonly Ran[];
}

function row({ requirement: { id, text, sources }, own }: Traced): string {
  return `| [${id}](#${id.toLowerCase()}) | ${text} | ${sources.join('; ')} | ${own.length} | ${resultOf(own)} |`;
}

function evidence({ requirement: { id }, own }: Traced): string {
  const lines = own.map(
    ({ file, name, passed }) => `- ${passed ? '' : '**failed:** '}${escaped(name)} (\`${file}\`)`,
  );
  return [`## ${id}`, lines.join('\n')].join('\n\n');
}

function resultOf(own: readonly Ran[]): string {
  if (own.length === 0) return '**not shown**';
  const failed = own.filter(({ passed }) => !passed).length;
  return failed === 0 ? 'passed' : `**${failed} failed**`;
}

const escaped = (text: string) => text.replace(/[\\`*_<>[\]|]/g, '\\$&').replace(/\s+/g, ' ');
