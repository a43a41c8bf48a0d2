import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Pool } from 'pg';
import { authorise, type Caller, CurrentCaller, Needs, sitesFor, WriteCall } from '#access';
import { acknowledge, type Call, type Receipt, Runner } from '#commands';
import { type Asked, EventStore, Follower, momentOf } from '#event-store';
import {
  AsOf,
  Cursor,
  Cursors,
  cursorScope,
  invalidParameter,
  Limit,
  linkNext,
  MinPosition,
  type Moment,
  readPage,
} from '#http';
import { Problem } from '#problem';
import { Studies } from '#study';
import { canonicalKey } from '#values';
import type { FormAddress, ItemAddress } from '../address.js';
import { CASEBOOK_COMMANDS, type CasebookCommands } from '../casebook.commands.js';
import { canonicalAddress } from '../form/plan.js';
import type { PlacedItemBody } from '../place.dto.js';
import {
  PendingPage,
  VerificationProgressPage,
  VerifiedAnswer,
  VerifyItemsBody,
  WithdrawnVerificationAnswer,
  WithdrawVerificationBody,
} from './verification.dto.js';
import {
  type FormPlace,
  listPending,
  listPendingAsOf,
  type VerificationRow,
  verificationProgress,
} from './verification.projection.js';

/** DI token of the follower that keeps what is still to be verified. */
export const VERIFICATION_FOLLOWER = Symbol('VerificationFollower');

@ApiTags('Verification')
@ApiBearerAuth()
@Controller('api/v1/studies/:study')
export class VerificationController {
  constructor(
    private readonly runner: Runner<Caller>,
    @Inject(CASEBOOK_COMMANDS) private readonly commands: CasebookCommands,
    @Inject(VERIFICATION_FOLLOWER) private readonly follower: Follower,
    private readonly store: EventStore,
    private readonly studies: Studies,
    private readonly pool: Pool,
    private readonly cursors: Cursors,
  ) {}

  @Post('subjects/:subject/verifications')
  @Needs('VerifyItems')
  @ApiOperation({
    summary: 'Verify entered values against their source',
    description:
      'Items, or everything that is entered in forms or visits. A later correction withdraws it by itself.',
  })
  @ApiCreatedResponse({ type: VerifiedAnswer })
  async verify(
    @WriteCall() call: Call<Caller>,
    @Param('subject') subject: string,
    @Body() { items, forms, visits }: VerifyItemsBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const command = {
      subject,
      items: items.map(({ version, ...item }) => ({
        ...placedItem(item),
        ...(version !== undefined && { version }),
      })),
      forms: forms.map(canonical),
      visits: visits.map(canonicalKey),
    };
    const receipt = await this.runner.run(this.commands.VerifyItems, command, call);
    acknowledge(reply, receipt);
    return { subjectKey: subject, verified: itemsIn(receipt) };
  }

  @Delete('subjects/:subject/verifications')
  @Needs('WithdrawVerification')
  @HttpCode(200)
  @ApiOperation({ summary: 'Withdraw verifications, with a reason' })
  @ApiOkResponse({ type: WithdrawnVerificationAnswer })
  async withdraw(
    @WriteCall() call: Call<Caller>,
    @Param('subject') subject: string,
    @Body() { items, reason }: WithdrawVerificationBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WithdrawnVerificationAnswer> {
    const command = { subject, items: items.map(placedItem), reason };
    const receipt = await this.runner.run(this.commands.WithdrawVerification, command, call);
    acknowledge(reply, receipt);
    return { subjectKey: subject, withdrawn: itemsIn(receipt) };
  }

  @Get('verifications/pending')
  @Needs('read verification')
  @ApiOperation({
    summary: 'What the study’s plan has still to be verified',
    description: 'Form by form, with the items.',
  })
  @ApiQuery({ name: 'subject', required: false })
  @ApiQuery({ name: 'site', required: false })
  @ApiOkResponse({ type: PendingPage })
  async pending(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Query('site') site: string | undefined,
    @Query('subject') subject: string | undefined,
    @Limit() limit: number,
    @Cursor() cursor: string | undefined,
    @AsOf() asOf: Moment | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const sites = await this.sites(caller, study, site);
    const { position, past } = await this.moment(study, { asOf, minPosition }, reply);
    const sources = { pool: this.pool, studies: this.studies };
    const filter = { site, subject };
    const scope = cursorScope(caller.id, `pending verifications of ${study}`, {
      ...filter,
      ...(past && { at: position }),
    });
    const read = (after: FormPlace | undefined, most: number) => {
      const slice = { study, sites, after, limit: most };
      return past ? listPendingAsOf(sources, slice, filter, position) : listPending(this.pool, slice, filter);
    };
    const placeOf = ({ subject, visit, form }: VerificationRow) => [subject, visit, form] as const;
    const { items, nextCursor } = linkNext(
      reply,
      await readPage(this.cursors, { scope, cursor, limit }, read, placeOf),
    );
    return { items: items.map(viewRow), nextCursor };
  }

  @Get('verifications/progress')
  @Needs('read verification')
  @ApiOperation({ summary: 'How much of what the plan has verified is verified, site by site' })
  @ApiQuery({ name: 'by', required: false, enum: ['site'] })
  @ApiOkResponse({ type: VerificationProgressPage })
  async progress(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Query('by') by: string | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    if (by !== undefined && by !== 'site') throw invalidParameter('by', 'site');
    const sites = await this.sites(caller, study, undefined);
    await this.moment(study, { minPosition }, reply);
    const items = await verificationProgress(this.pool, study, sites);
    return { items: items.map((row) => ({ ...row, pending: row.planned - row.verified })), nextCursor: null };
  }

  private async sites(caller: Caller, study: string, site: string | undefined) {
    if (site !== undefined) authorise(caller, 'read verification', study, site);
    return sitesFor(caller, 'read verification', study);
  }

  /** @throws Problem unavailable where the list does not show the log’s head yet; the past is read from the log itself */
  private async moment(study: string, asked: Asked, reply: FastifyReply) {
    const moment = await momentOf(this.store, study, asked);
    const { position, past } = moment;
    if (position < 0) throw new Problem('not-found', 'There is no such thing here.');
    if (!past && !(await this.follower.reached(study, position)))
      throw new Problem('unavailable', 'The list has not caught up with the log yet.');
    reply.header('Daybook-Position', String(position));
    return moment;
  }
}

const canonical = (address: FormAddress): FormAddress => canonicalAddress(address) ?? address;

function placedItem({ visit, form, item, group, rowKey }: PlacedItemBody) {
  const row = group !== undefined && rowKey !== undefined && { group, row: rowKey };
  return { ...canonical({ visit, form }), item, ...row };
}

function itemsIn({ events }: Receipt) {
  return events.flatMap(({ data }) => {
    const { visit, form, items } = data as FormAddress & { items: readonly ItemAddress[] };
    return items.map(({ row, ...item }) => ({ visit, form, ...item, ...(row && { rowKey: row }) }));
  });
}

function viewRow({ subject, site, visit, form, planned, verified, pending }: VerificationRow) {
  return {
    subjectKey: subject,
    site,
    visit,
    form,
    planned,
    verified,
    pending: pending.length,
    items: pending.map(({ row, ...item }) => ({ ...item, ...(row && { rowKey: row }) })),
  };
}
