import { authorise, type Caller } from '#access';
import type { Aggregate, CommandType } from '#commands';
import {
  createStudy,
  evolvePublications,
  nothingPublished,
  type PublicationEvent,
  type Publications,
  type PublishDefinition,
  publishDefinition,
} from './publication.js';
import {
  type ChangeSite,
  changeSite,
  evolveSite,
  noSite,
  type OpenSite,
  openSite,
  type Site,
  type SiteEvent,
} from './site.js';
import { projectPublications, projectSite } from './study.projection.js';

export const PUBLICATIONS = 'definition';

export const publications: Aggregate<Publications> = {
  initial: nothingPublished,
  evolve: (state, event) => evolvePublications(state, event as PublicationEvent & { recordedAt: string }),
  project: projectPublications,
};

export const sites: Aggregate<Site> = {
  initial: noSite,
  evolve: (state, event) => evolveSite(state, event as SiteEvent & { recordedAt: string }),
  project: projectSite,
};

/** Publishes a study's first definition, into the study's own log. */
const createStudyCommand: CommandType<PublishDefinition, Publications, undefined, Caller> = {
  type: 'CreateStudy',
  aggregate: publications,
  stream: () => PUBLICATIONS,
  authorise: ({ caller, log }) => authorise(caller, 'PublishDefinition', log),
  facts: () => undefined,
  prepare: (command) => command,
  decide: createStudy,
};

const publishDefinitionCommand: CommandType<PublishDefinition, Publications, undefined, Caller> = {
  ...createStudyCommand,
  type: 'PublishDefinition',
  decide: publishDefinition,
};

const openSiteCommand: CommandType<OpenSite, Site, undefined, Caller> = {
  type: 'OpenSite',
  aggregate: sites,
  stream: ({ site }) => siteStream(site),
  authorise: ({ caller, log }) => authorise(caller, 'OpenSite', log),
  facts: () => undefined,
  prepare: (command) => command,
  decide: openSite,
};

const changeSiteCommand: CommandType<ChangeSite, Site, undefined, Caller> = {
  type: 'ChangeSite',
  aggregate: sites,
  stream: ({ site }) => siteStream(site),
  authorise: ({ caller, log }, { site }) => authorise(caller, 'ChangeSite', log, site),
  facts: () => undefined,
  prepare: (command) => command,
  decide: changeSite,
};

export const studyCommands = {
  CreateStudy: createStudyCommand,
  PublishDefinition: publishDefinitionCommand,
  OpenSite: openSiteCommand,
  ChangeSite: changeSiteCommand,
};

function siteStream(site: string): string {
  return `site/${site}`;
}
