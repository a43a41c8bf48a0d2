import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '#problem';
import { type Casebook, type CasebookEvent, emptyCasebook, evolve } from '../casebook.js';
import { projectCasebook, type SubjectRow, subjectRows } from '../casebook.projection.js';
import { BASELINE, enrolment, folded, recorded, SUBJECT, seesQueries, study } from '../casebook.spec-kit.js';
import { commentQuery, moveQuery, type QueryStep, raiseQuery } from './query.js';
import type { QueryStatus } from './query-state.js';

/** What a query is to the model: where it stands, and what was said. */
interface Model {
  queries: { status: QueryStatus; said: string[] }[];
}

/** The casebook under test, with every event that made it. */
interface Real {
  casebook: Casebook;
  events: CasebookEvent[];
}

/** The machine, not read from the code. */
const machine: Readonly<Record<QueryStep, Partial<Record<QueryStatus, QueryStatus>>>> = {
  QueryAnswered: { open: 'answered' },
  QueryClosed: { answered: 'closed' },
  QueryReopened: { answered: 'open', closed: 'open' },
  QueryCancelled: { open: 'cancelled', answered: 'cancelled' },
};

function act(real: Real, decide: (casebook: Casebook) => CasebookEvent[]): boolean {
  let events: CasebookEvent[];
  try {
    events = decide(real.casebook);
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
  real.casebook = folded(events, real.casebook);
  real.events.push(...events);
  return true;
}

/** After every act the casebook is what the model says, and so is the row that lists show. */
function agree({ queries }: Model, { casebook, events }: Real): void {
  const states = Object.values(casebook.queries);
  expect(states.map(({ status }) => status)).toEqual(queries.map(({ status }) => status));
  expect(states.map(({ messages }) => messages.map(({ text }) => text))).toEqual(
    queries.map(({ said }) => said),
  );
  const again = recorded(events).reduce(evolve, emptyCasebook);
  expect(again).toEqual(casebook);
  const rows = projectCasebook(emptyCasebook, casebook, 'S').find(({ model }) => model === subjectRows)!.rows;
  const open = queries.filter(({ status }) => status === 'open' || status === 'answered').length;
  expect((rows[0] as SubjectRow).openqueries).toBe(open);
}

abstract class Act implements fc.Command<Model, Real> {
  check = () => true;
  constructor(readonly text: string) {}
  abstract run(model: Model, real: Real): void;
}

class Raise extends Act {
  override run(model: Model, real: Real): void {
    const command = { subject: SUBJECT, ...BASELINE, text: this.text };
    expect(act(real, (casebook) => raiseQuery(command, casebook, { study, sees: () => true }))).toBe(true);
    model.queries.push({ status: 'open', said: [this.text] });
    agree(model, real);
  }
  override toString = () => `raise(${this.text})`;
}

class Move extends Act {
  constructor(
    readonly step: QueryStep,
    readonly at: number,
    text: string,
  ) {
    super(text);
  }
  override run(model: Model, real: Real): void {
    const query = model.queries[this.at];
    const next = query && machine[this.step][query.status];
    const command = { query: `${SUBJECT}-Q${this.at + 1}`, text: this.text };
    expect(act(real, (casebook) => moveQuery(this.step, command, casebook, seesQueries))).toBe(
      next !== undefined,
    );
    if (query && next) model.queries[this.at] = { status: next, said: [...query.said, this.text] };
    agree(model, real);
  }
  override toString = () => `${this.step}(${this.at}, ${this.text})`;
}

class Comment extends Act {
  constructor(
    readonly at: number,
    text: string,
  ) {
    super(text);
  }
  override run(model: Model, real: Real): void {
    const query = model.queries[this.at];
    const isTaken = query?.status === 'open' || query?.status === 'answered';
    const command = { query: `${SUBJECT}-Q${this.at + 1}`, text: this.text };
    expect(act(real, (casebook) => commentQuery(command, casebook, seesQueries))).toBe(isTaken);
    if (isTaken) query.said.push(this.text);
    agree(model, real);
  }
  override toString = () => `comment(${this.at}, ${this.text})`;
}

const text = fc.string({ minLength: 1, maxLength: 3 });
const at = fc.nat(3);
const commands = fc.commands(
  [
    text.map((one) => new Raise(one)),
    fc
      .tuple(fc.constantFrom(...(Object.keys(machine) as QueryStep[])), at, text)
      .map(([step, which, one]) => new Move(step, which, one)),
    fc.tuple(at, text).map(([which, one]) => new Comment(which, one)),
  ],
  { maxCommands: 40 },
);

describe('queries, whatever is asked of them in whatever order', () => {
  it('follow the machine, keep every message in its order, and are counted as they stand', () => {
    fc.assert(
      fc.property(commands, (acts) => {
        const start = () => ({
          model: { queries: [] } as Model,
          real: { casebook: folded([enrolment]), events: [enrolment] } as Real,
        });
        fc.modelRun(start, acts);
      }),
    );
  });
});
