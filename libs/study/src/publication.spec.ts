import { describe, expect, it } from 'vitest';
import { Problem } from '#problem';
import type { Definition } from './definition/definition.js';
import { smallStudy } from './definition/definition.spec-kit.js';
import { createStudy, evolvePublications, nothingPublished, publishDefinition } from './publication.js';

const recordedAt = '2026-01-01T00:00:00.000Z';
const published = (...definitions: Definition[]) =>
  definitions.reduce(
    (state, definition, i) =>
      evolvePublications(state, {
        type: 'DefinitionPublished',
        data: { version: i + 1, definition },
        recordedAt,
      }),
    nothingPublished,
  );

const changed = (change: (definition: Definition) => void) => {
  const definition = smallStudy();
  change(definition);
  return definition;
};
const renamed = changed(({ study }) => Object.assign(study, { name: 'Renamed' }));

function refusal(decide: () => unknown): Problem {
  try {
    decide();
  } catch (problem) {
    if (problem instanceof Problem) return problem;
  }
  throw new Error('it was not refused');
}

describe('the first version', () => {
  it('makes the study, once', () => {
    const definition = smallStudy();
    expect(createStudy({ definition }, nothingPublished)).toEqual([
      { type: 'DefinitionPublished', data: { version: 1, definition } },
    ]);
    expect(refusal(() => createStudy({ definition }, published(definition))).code).toBe('already-exists');
  });
});

describe('the next version', () => {
  it('has the next number', () => {
    expect(publishDefinition({ definition: renamed }, published(smallStudy()))).toEqual([
      { type: 'DefinitionPublished', data: { version: 2, definition: renamed } },
    ]);
    expect(publishDefinition({ definition: smallStudy() }, published(smallStudy(), renamed))).toMatchObject([
      { data: { version: 3 } },
    ]);
  });

  it('is refused where it says the same as the current one', () => {
    const problem = refusal(() => publishDefinition({ definition: smallStudy() }, published(smallStudy())));
    expect(problem.code).toBe('conflict');
  });

  it('is refused for another study, with faults, and before there is a study', () => {
    const other = changed(({ study }) => Object.assign(study, { oid: 'OTHER' }));
    const refused = (definition: unknown, state = published(smallStudy())) =>
      refusal(() => publishDefinition({ definition }, state));
    expect(refused(other)).toMatchObject({
      code: 'invalid-definition',
      details: { errors: [{ pointer: '/study/oid' }] },
    });
    expect(refused({ ...smallStudy(), colour: 1 })).toMatchObject({ code: 'invalid-definition' });
    expect(refused(null)).toMatchObject({ code: 'invalid-definition' });
    expect(refused(smallStudy(), nothingPublished)).toMatchObject({ code: 'not-found' });
  });
});
