import type { NewEvent, RecordedEvent } from '#event-store';

/** What an event needs to be folded; a decision folds its own events before they have a position. */
export type Stamped<Event extends NewEvent> = Event &
  Pick<RecordedEvent, 'actor' | 'recordedAt' | 'revision'>;

/** A person's id, or the part of the system that acted of itself. */
export function actorName({ actor }: Pick<RecordedEvent, 'actor'>): string {
  return 'user' in actor ? actor.user : actor.system;
}
