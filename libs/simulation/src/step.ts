import type { Reason } from '#casebook';
import type { FilledForm, SiteRole } from './filled-form.js';
import type { Arm } from './parameters.js';

/** One act of one person on a casebook, in terms of the trial: what it is told by the server is not in it. */
export type Step =
  | ({ readonly act: 'EnterForm' } & FormEntry)
  | { readonly act: 'AllocateArm'; readonly arm: Arm; readonly date: string; readonly reason?: Reason }
  | { readonly act: 'WithdrawSubject'; readonly date: string; readonly reason: Reason }
  | ({ readonly act: 'RaiseQuery'; readonly by: Overseer; readonly text: string } & QueryPlace)
  | ({ readonly act: 'AnswerQuery'; readonly by: 'coordinator'; readonly text: string } & QueryPlace)
  | ({
      readonly act: 'CloseQuery' | 'CancelQuery';
      readonly by: Overseer;
      readonly text: string;
    } & QueryPlace)
  /** The site looks at what edit checks have asked since the last time. */
  | { readonly act: 'SettleChecks' };

export type Overseer = 'monitor' | 'dataManager';

/** A form entered for the first time, or, with `whole` false, changes to one. */
export interface FormEntry extends FilledForm {
  readonly by: SiteRole;
  readonly whole: boolean;
  readonly complete?: true;
  readonly reason?: Reason;
}

/** A query of a person, or of a range or required item, is found by what it is about: the last one raised there. */
export interface QueryPlace {
  readonly visit: string;
  readonly form: string;
  readonly item: string;
}
