import { Inject, Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { authorise, type Caller, newId, sightOf, siteList, sitesFor } from '#access';
import { type Call, Runner, Streams } from '#commands';
import type { NewEvent } from '#event-store';
import { Problem } from '#problem';
import { Studies } from '#study';
import { CASEBOOK_COMMANDS, type CasebookCommands } from '../casebook.commands.js';
import type { Casebook } from '../casebook.js';
import { casebooks, subjectStream } from '../casebook-stream.js';
import { publishedVersion } from './adoption.commands.js';
import { type AdoptionReport, adoptionReport } from './adoption-report.js';

/** So many casebooks one request may concern; a study that has more adopts site by site. */
const MOST_CASEBOOKS = 2000;

export interface Adopted {
  readonly report: AdoptionReport;
  /** Absent in a rehearsal. */
  readonly receipt?: { readonly position: number; readonly replayed: boolean };
}

/** Adopts definitions, or rehearses it: one casebook, or all of a study or a site. */
@Injectable()
export class Adoptions {
  constructor(
    private readonly runner: Runner<Caller>,
    private readonly streams: Streams,
    @Inject(CASEBOOK_COMMANDS) private readonly commands: CasebookCommands,
    private readonly studies: Studies,
    private readonly pool: Pool,
  ) {}

  /** @throws Problem as the command does */
  async one(call: Call<Caller>, subject: string, definition: number, dryRun: boolean): Promise<Adopted> {
    const command = { subject, definition };
    if (dryRun) {
      const { state, events } = await this.runner.rehearse(this.commands.AdoptDefinition, command, call);
      return { report: await this.report(call, state, events, definition) };
    }
    const receipt = await this.runner.run(this.commands.AdoptDefinition, command, call);
    // A retry tells again what the first request did, so the report rests on the state before that.
    const { state } = await this.streams.asOf(
      call.log,
      subjectStream(subject),
      casebooks,
      receipt.events[0]!.position - 1,
    );
    return { report: await this.report(call, state, receipt.events, definition), receipt };
  }

  /**
   * One casebook after the other, each by an act of its own whose key follows from the request's: a retry
   * goes on where the first request stopped, and tells of all that the two have done.
   *
   * @throws Problem not-found, not-permitted, invalid-value; conflict for too many casebooks at once
   */
  async many(call: Call<Caller>, definition: number, site: string | undefined, dryRun: boolean) {
    const subjects = await this.subjects(call, site);
    await publishedVersion(this.studies, call.log, definition);
    const adopted: Adopted[] = [];
    const locked: string[] = [];
    for (const subject of subjects) {
      const own = { ...call, key: newId(`${call.key} ${subject}`) };
      const done = await unlessLeftOut(this.one(own, subject, definition, dryRun));
      if (done === 'locked') locked.push(subject);
      else if (done !== 'conflict') adopted.push(done);
    }
    return { adopted, already: subjects.length - adopted.length - locked.length, locked };
  }

  private async report(
    { caller, log }: Call<Caller>,
    before: Casebook,
    events: readonly NewEvent[],
    definition: number,
  ): Promise<AdoptionReport> {
    const lineage = await this.studies.lineage(log, definition);
    return adoptionReport(before, events, lineage, sightOf(caller, log, before.site));
  }

  private async subjects({ caller, log }: Call<Caller>, site: string | undefined): Promise<string[]> {
    const sites = sitesFor(caller, 'AdoptDefinition', log);
    if (site !== undefined) await this.refuseUnknownSite(caller, log, site);
    const { rows } = await this.pool.query<{ subject: string }>(
      `SELECT subject FROM subject WHERE study = $1
         AND ($2::text[] IS NULL OR site = ANY($2)) AND ($3::text IS NULL OR site = $3)
       ORDER BY subject LIMIT $4`,
      [log, siteList(sites), site, MOST_CASEBOOKS + 1],
    );
    if (rows.length > MOST_CASEBOOKS) {
      throw new Problem(
        'conflict',
        `More than ${MOST_CASEBOOKS} casebooks are too many for one request; name a site.`,
      );
    }
    return rows.map(({ subject }) => subject);
  }

  private async refuseUnknownSite(caller: Caller, log: string, site: string): Promise<void> {
    authorise(caller, 'AdoptDefinition', log, site);
    const { rows } = await this.pool.query('SELECT FROM site WHERE study = $1 AND site = $2', [log, site]);
    if (rows.length === 0) throw new Problem('not-found', 'There is no such thing here.');
  }
}

/** `conflict` for a casebook that follows the version already, or a newer one; `locked` where data are frozen or locked. */
async function unlessLeftOut<T>(adoption: Promise<T>): Promise<T | 'conflict' | 'locked'> {
  try {
    return await adoption;
  } catch (error) {
    const code = error instanceof Problem ? error.code : undefined;
    if (code === 'conflict') return code;
    if (code === 'locked' || code === 'frozen') return 'locked';
    throw error;
  }
}
