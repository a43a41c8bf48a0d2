import type { NewEvent } from '#event-store';
import { Problem } from '#problem';

/** A participating centre. */
export interface Site {
  /** Empty before it takes part. */
  readonly site: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Whether subjects may be enrolled. */
  readonly open: boolean;
}

export type SiteEvent =
  | NewEvent<'SiteOpened', { site: string; name: string; country: string }>
  | NewEvent<'SiteRenamed', { site: string; name: string }>
  | NewEvent<'EnrolmentClosed', { site: string }>
  | NewEvent<'EnrolmentReopened', { site: string }>;

export const noSite: Site = { site: '', name: '', country: '', open: false };

export function evolveSite(site: Site, event: SiteEvent): Site {
  switch (event.type) {
    case 'SiteOpened':
      return { ...event.data, open: true };
    case 'SiteRenamed':
      return { ...site, name: event.data.name };
    case 'EnrolmentClosed':
      return { ...site, open: false };
    case 'EnrolmentReopened':
      return { ...site, open: true };
    default:
      return unknownEvent(event);
  }
}

export interface OpenSite {
  readonly site: string;
  readonly name: string;
  readonly country: string;
}

export function openSite(command: OpenSite, site: Site): SiteEvent[] {
  if (site.site) throw new Problem('already-exists', `There is a site ${command.site} already.`);
  return [{ type: 'SiteOpened', data: { ...command } }];
}

export interface ChangeSite {
  readonly site: string;
  readonly name?: string | undefined;
  readonly open?: boolean | undefined;
}

/** Closes or reopens enrolment, renames; what is as asked already makes no event. */
export function changeSite({ name, open }: ChangeSite, site: Site): SiteEvent[] {
  if (!site.site) throw new Problem('not-found', 'There is no such site.');
  const events: SiteEvent[] = [];
  if (name !== undefined && name !== site.name)
    events.push({ type: 'SiteRenamed', data: { site: site.site, name } });
  if (open !== undefined && open !== site.open) {
    events.push({ type: open ? 'EnrolmentReopened' : 'EnrolmentClosed', data: { site: site.site } });
  }
  return events;
}

function unknownEvent(event: never): never {
  throw new Error(`a site knows no event ${JSON.stringify(event)}`);
}
