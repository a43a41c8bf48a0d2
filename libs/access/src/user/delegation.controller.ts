import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Pool } from 'pg';
import { EventStore, momentOf } from '#event-store';
import { AsOf, Cursor, Limit, type Moment } from '#http';
import { CurrentCaller } from '../guard/current-caller.decorator.js';
import { Needs } from '../guard/needs.decorator.js';
import { Listings } from '../listing.service.js';
import { authorise, type Caller, sitesFor } from '../scope.js';
import { readAccountEvents } from './account-list.projection.js';
import { DelegationPage } from './delegation.dto.js';
import { delegationAt, delegationsOf } from './delegation.js';
import { INSTALLATION_LOG } from './user.commands.js';

@ApiTags('Access')
@ApiBearerAuth()
@Controller('api/v1/studies/:study/delegations')
export class DelegationController {
  constructor(
    private readonly pool: Pool,
    private readonly store: EventStore,
    private readonly listings: Listings,
  ) {}

  @Get()
  @Needs('read delegations')
  @ApiQuery({ name: 'site', required: false })
  @ApiOperation({
    summary: 'The delegation log',
    description:
      'Who held which role at which sites from when to when, given and ended by whom. `asOf` is a position of the log `.installation`, or an instant.',
  })
  @ApiOkResponse({ type: DelegationPage })
  async list(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Query('site') site: string | undefined,
    @AsOf() asOf: Moment | undefined,
    @Limit() limit: number,
    @Cursor() cursor: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    if (site !== undefined) authorise(caller, 'read delegations', study, site);
    const sites = site === undefined ? sitesFor(caller, 'read delegations', study) : [site];
    const { position, past } = await momentOf(this.store, INSTALLATION_LOG, { asOf });
    const events = await readAccountEvents(this.pool, position);
    const items = delegationsOf(events, study).flatMap((one) => delegationAt(one, sites) ?? []);
    reply.header('Daybook-Position', String(position));
    return this.listings.pageOf(reply, {
      items,
      keyOf: ({ given, grant }) => `${given.at} ${grant}`,
      caller: caller.id,
      name: `delegations of ${study}`,
      filters: { site, at: past ? position : undefined },
      limit,
      cursor,
    });
  }
}
