import type { Caller } from '#access';
import type { Receipt } from '#commands';
import { keyOf } from './key.js';
import { trial } from './parameters.js';
import type { FormEntry, QueryPlace, Step } from './step.js';
import type { Staff, Target } from './target.js';

type Act<Name extends Step['act']> = Extract<Step, { act: Name }>;

/** Does one subject's steps one after the other, and remembers what the server told: ETags and query ids. */
export class CasebookEntry {
  private steps = 0;
  private readonly tags = new Map<string, string>();
  private readonly queries = new Map<string, string>();

  /** @param name of the course, from which the idempotency keys follow */
  constructor(
    private readonly target: Target,
    private readonly staff: Staff,
    private readonly site: string,
    private readonly subject: string,
    private readonly name: string,
  ) {}

  /** Whether so many steps were taken in a run before: then the last one's key is in the log. */
  async hasTaken(steps: number): Promise<boolean> {
    return (await this.target.store.readCommand(trial.study, this.keyOfStep(steps))).length > 0;
  }

  /** @throws Problem when the step is refused */
  async take(step: Step): Promise<void> {
    const call = this.callOf(step);
    const receipt = await this.run(step, call);
    for (const { type, data, revision } of receipt.events) {
      if (changesForm.has(type)) this.tags.set(formOf(data as FormEntry), String(revision));
      if (type === 'QueryRaised') {
        const { query, ...place } = data as QueryPlace & { query: string };
        this.queries.set(placeOf(place), query);
      }
    }
  }

  private callOf(step: Step) {
    const tag = step.act === 'EnterForm' ? this.tags.get(formOf(step)) : undefined;
    return {
      log: trial.study,
      caller: this.callerOf(step),
      key: this.keyOfStep(++this.steps),
      ...(tag !== undefined && { ifMatch: { tags: [tag] } }),
    };
  }

  private keyOfStep(step: number): string {
    return keyOf(`${this.name} step ${step}`);
  }

  private callerOf(step: Step): Caller {
    const by = 'by' in step ? step.by : 'investigator';
    switch (by) {
      case 'investigator':
        return this.staff.investigatorOf(this.site);
      case 'coordinator':
        return this.staff.coordinatorOf(this.site);
      default:
        return this.staff[by];
    }
  }

  private run(step: Step, call: ReturnType<CasebookEntry['callOf']>): Promise<Receipt> {
    const { runner, commands } = this.target;
    const { subject } = this;
    switch (step.act) {
      case 'EnterForm': {
        const { act: _, by: __, ...form } = step;
        return runner.run(commands.EnterForm, { ...form, subject }, call);
      }
      case 'AllocateArm': {
        const { act: _, ...allocation } = step;
        return runner.run(commands.AllocateArm, { ...allocation, subject }, call);
      }
      case 'WithdrawSubject': {
        const { act: _, ...withdrawal } = step;
        return runner.run(commands.WithdrawSubject, { ...withdrawal, subject }, call);
      }
      case 'RaiseQuery': {
        const { act: _, by: __, ...query } = step;
        return runner.run(commands.RaiseQuery, { ...query, subject }, call);
      }
      default:
        return runner.run(commands[step.act], { query: this.queryOf(step), text: step.text }, call);
    }
  }

  private queryOf(step: Act<'AnswerQuery' | 'CloseQuery' | 'CancelQuery'>): string {
    const query = this.queries.get(placeOf(step));
    if (query === undefined) throw new Error(`${this.subject}: no query was raised at ${placeOf(step)}`);
    return query;
  }
}

const changesForm = new Set(['ItemsEntered', 'ItemsCorrected', 'FormCompleted', 'FormReopened']);
const formOf = ({ visit, form }: Pick<QueryPlace, 'visit' | 'form'>) => `${visit}/${form}`;
const placeOf = (place: QueryPlace) => `${formOf(place)}/${place.item}`;
