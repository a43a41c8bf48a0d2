import type { Caller } from '#access';
import type { CasebookCommands } from '#casebook';
import type { Runner } from '#commands';
import type { EventStore } from '#event-store';
import type { Studies } from '#study';

/** What of an installation the simulation needs: the same path that every request takes. */
export interface Target {
  readonly store: EventStore;
  readonly runner: Runner<Caller>;
  readonly commands: CasebookCommands;
  readonly studies: Studies;
}

/** Who acts in the simulated trial, each with the grants of the role. */
export interface Staff {
  investigatorOf(site: string): Caller;
  coordinatorOf(site: string): Caller;
  readonly monitor: Caller;
  readonly dataManager: Caller;
  readonly administrator: Caller;
}
