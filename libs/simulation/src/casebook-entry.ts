import type { Caller } from '#access';
import type { Receipt } from '#commands';
import { keyOf } from './key.js';
import { trial } from './parameters.js';
import { Random } from './random.js';
import type { FormEntry, QueryPlace, Step } from './step.js';
import type { Staff, Target } from './target.js';

type Act<Name extends Step['act']> = Extract<Step, { act: Name }>;
/** One act is one command; what checks have asked is settled by as many as there are. */
type Command = Exclude<Step, Act<'SettleChecks'>>;

type Raised = QueryPlace & { readonly query: string; readonly check?: string };

/** Does one subject's steps one after the other, and remembers what the server told: ETags and query ids. */
export class CasebookEntry {
  private steps = 0;
  private readonly tags = new Map<string, string>();
  private readonly queries = new Map<string, string>();
  /** Queries of edit checks that nobody has looked at. */
  private readonly asked = new Set<string>();

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
    this.steps++;
    if (step.act === 'SettleChecks') return this.settleChecks();
    const call = this.callOf(step);
    const receipt = await this.run(step, call);
    for (const { type, data, revision } of receipt.events) {
      if (changesForm.has(type)) this.tags.set(formOf(data as FormEntry), String(revision));
      if (type === 'QueryClosed') this.asked.delete((data as Raised).query);
      if (type !== 'QueryRaised') continue;
      const { query, check, ...place } = data as Raised;
      if (check === undefined || isPlanned.has(check)) this.queries.set(placeOf(place), query);
      else this.asked.add(query);
    }
  }

  /** What the data of the same visit have not answered: most of it is so in the source, too. */
  private async settleChecks(): Promise<void> {
    const { runner, commands } = this.target;
    for (const query of this.asked) {
      const random = new Random(`${this.name} ${query}`);
      const fate = random.weighted({ closed: 75, answered: 15, open: 10 });
      if (fate === 'open') continue;
      const call = (act: string, caller: Caller) => ({
        log: trial.study,
        caller,
        key: keyOf(`${this.name} ${query} ${act}`),
      });
      const answer = { query, text: 'Checked against the source; the value is right.' };
      await runner.run(commands.AnswerQuery, answer, call('answer', this.staff.coordinatorOf(this.site)));
      if (fate === 'answered') continue;
      await runner.run(commands.CloseQuery, { query, text: 'Accepted.' }, call('close', this.staff.monitor));
    }
    this.asked.clear();
  }

  private callOf(step: Command) {
    const tag = step.act === 'EnterForm' ? this.tags.get(formOf(step)) : undefined;
    return {
      log: trial.study,
      caller: this.callerOf(step),
      key: this.keyOfStep(this.steps),
      ...(tag !== undefined && { ifMatch: { tags: [tag] } }),
    };
  }

  private keyOfStep(step: number): string {
    return keyOf(`${this.name} step ${step}`);
  }

  private callerOf(step: Command): Caller {
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

  private run(step: Command, call: ReturnType<CasebookEntry['callOf']>): Promise<Receipt> {
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

const changesForm = new Set([
  'ItemsEntered',
  'ItemsCorrected',
  'ItemsDerived',
  'FormCompleted',
  'FormReopened',
]);
/** Of these, too, the steps know beforehand. */
const isPlanned = new Set(['range', 'required']);
const formOf = ({ visit, form }: Pick<QueryPlace, 'visit' | 'form'>) => `${visit}/${form}`;
const placeOf = (place: QueryPlace) => `${formOf(place)}/${place.item}`;
