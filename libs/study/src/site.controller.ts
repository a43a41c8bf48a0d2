import { Body, Controller, Get, Param, Patch, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Pool } from 'pg';
import { authorise, type Caller, CurrentCaller, Needs, WriteCall } from '#access';
import { acknowledge, type Call, Runner } from '#commands';
import { EventStore, momentOf } from '#event-store';
import { AsOf, MinPosition, type Moment } from '#http';
import { lockFlags, siteLock } from './lock/lock.js';
import { ChangedSiteAnswer, ChangeSiteBody, OpenedSiteAnswer, OpenSiteBody, SitePage } from './site.dto.js';
import { Studies } from './studies.js';
import { studyCommands } from './study.commands.js';
import { listSites, listSitesAsOf } from './study.projection.js';

@ApiTags('Sites')
@ApiBearerAuth()
@Controller('api/v1/studies/:study/sites')
export class SiteController {
  constructor(
    private readonly runner: Runner<Caller>,
    private readonly store: EventStore,
    private readonly pool: Pool,
    private readonly studies: Studies,
  ) {}

  @Get()
  @Needs('read study')
  @ApiOperation({ summary: 'Participating centres' })
  @ApiOkResponse({ type: SitePage })
  async list(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @AsOf() asOf: Moment | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    authorise(caller, 'read study', study);
    const { position, past } = await momentOf(this.store, study, { asOf, minPosition });
    reply.header('Daybook-Position', String(position));
    const sites = past ? await listSitesAsOf(this.pool, study, position) : await listSites(this.pool, study);
    const locks = past
      ? await this.studies.locksAsOf(study, position)
      : (await this.studies.currentLocks(study)).state;
    const items = sites.map(({ site, name, country, open }) => ({
      ...{ site, name, country, open },
      ...lockFlags(siteLock(locks, site)),
    }));
    return { items, nextCursor: null };
  }

  @Post()
  @Needs('OpenSite')
  @ApiOperation({ summary: 'A centre takes part', description: 'It is open for enrolment from then on.' })
  @ApiCreatedResponse({ type: OpenedSiteAnswer })
  async open(
    @WriteCall() call: Call<Caller>,
    @Body() body: OpenSiteBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    acknowledge(reply, await this.runner.run(studyCommands.OpenSite, { ...body }, call));
    return { ...body, open: true };
  }

  @Patch(':site')
  @Needs('ChangeSite')
  @ApiOperation({ summary: 'Close or reopen enrolment, rename' })
  @ApiOkResponse({ type: ChangedSiteAnswer })
  async change(
    @WriteCall() call: Call<Caller>,
    @Param('site') site: string,
    @Body() body: ChangeSiteBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedSiteAnswer> {
    acknowledge(reply, await this.runner.run(studyCommands.ChangeSite, { ...body, site }, call));
    return { site, ...body };
  }
}
