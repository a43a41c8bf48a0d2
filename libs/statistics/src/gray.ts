import { addGrayScore } from './gray-score.js';
import { type Grouped, split } from './observation.js';
import { emptyScore, scoreTest, type TestResult } from './test-result.js';

/**
 * Gray's test that the cumulative incidence of one kind of event is the same in all groups (Gray 1988,
 * Annals of Statistics 16:1141–1154, with ρ = 0), summed over strata.
 */
export function grayTest(subjects: readonly Grouped[], cause: 1 | 2 = 1): TestResult {
  const names = [...split(subjects, ({ group }) => group).keys()];
  const total = emptyScore(names.length);
  for (const stratum of split(subjects, ({ stratum = '' }) => stratum).values()) {
    addGrayScore(total, stratum, names, cause);
  }
  return scoreTest('Gray', total);
}
