import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';
import { matrix, type Ran } from './traceability.js';

const PAGE = 'docs/validation/matrix.md';

/** Writes the matrix of requirements and tests at the end of a run. */
export default class MatrixReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    mkdirSync('docs/validation', { recursive: true });
    writeFileSync(
      PAGE,
      matrix(modules.flatMap(ranIn), {
        version,
        commit: execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { encoding: 'utf8' }).trim(),
        day: new Date().toISOString().slice(0, 10),
        platform: `Node ${process.versions.node} on ${process.platform} (${process.arch})`,
      }),
    );
  }
}

function ranIn(module: TestModule): Ran[] {
  return Array.from(module.children.allTests(), (test) => ({
    file: module.relativeModuleId,
    name: test.fullName,
    passed: test.result().state === 'passed',
  }));
}
