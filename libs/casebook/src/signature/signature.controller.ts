import { Body, Controller, Get, Inject, Ip, Param, Post, Query, Res } from '@nestjs/common';
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
import { type Caller, CurrentCaller, Needs, SignIn, sightOf, sitesFor, WriteCall } from '#access';
import { acknowledge, type Call, Runner } from '#commands';
import { EventStore, momentOf } from '#event-store';
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
import { CASEBOOK_COMMANDS, type CasebookCommands } from '../casebook.commands.js';
import { numberOf } from '../numbers.js';
import { SignaturePage, SignBody, SignedAnswer } from './signature.dto.js';
import type { SignData } from './signature.js';
import { viewSignature } from './signature.view.js';
import {
  type ListedSignature,
  listSignatures,
  listSignaturesAsOf,
  type SignaturePlace,
} from './signature-list.projection.js';
import { parseScope } from './signature-scope.js';
import type { SignatureGiven } from './signature-state.js';

const statuses = ['valid', 'broken'];

@ApiTags('Signatures')
@ApiBearerAuth()
@Controller('api/v1/studies/:study')
export class SignatureController {
  constructor(
    private readonly runner: Runner<Caller>,
    @Inject(CASEBOOK_COMMANDS) private readonly commands: CasebookCommands,
    private readonly signIn: SignIn,
    private readonly store: EventStore,
    private readonly studies: Studies,
    private readonly pool: Pool,
    private readonly cursors: Cursors,
  ) {}

  @Post('subjects/:subject/signatures')
  @Needs('SignData')
  @ApiOperation({
    summary: 'Sign forms, visits or the casebook electronically',
    description:
      'The signer gives the own password anew. Forms must be complete (409); queries may be open and are counted. A later change breaks the signature visibly. A form of the scope may name the `revision` that was seen, its ETag: no other is signed then (412).',
  })
  @ApiCreatedResponse({ type: SignedAnswer })
  async sign(
    @WriteCall() call: Call<Caller>,
    @Param('subject') subject: string,
    @Body() { scope, meaning, password, code, countersigns }: SignBody,
    @Ip() address: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedAnswer> {
    const command = { subject, scope: parseScope(scope, countersigns), meaning };
    await this.authenticateAnew(command, call, { password, code }, address);
    const receipt = await this.runner.run(this.commands.SignData, command, call);
    acknowledge(reply, receipt);
    const [event] = receipt.events;
    const { forms, items: _, ...given } = event!.data as SignatureGiven;
    const { recordedAt: at } = event!;
    return { ...given, subjectKey: subject, by: call.caller.id, at, scope: forms, status: 'valid' };
  }

  @Get('signatures')
  @Needs('read casebook')
  @ApiOperation({
    summary: 'The manifest of signatures',
    description:
      'Who signed what, when, with which meaning, and whether it still holds. Whoever is blinded is told of that alone which they may see: `hash` and `openQueries` are null where more was signed.',
  })
  @ApiQuery({ name: 'status', required: false, enum: statuses })
  @ApiQuery({ name: 'site', required: false })
  @ApiQuery({ name: 'subject', required: false })
  @ApiOkResponse({ type: SignaturePage })
  async list(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Query('subject') subject: string | undefined,
    @Query('site') site: string | undefined,
    @Query('status') status: string | undefined,
    @Limit() limit: number,
    @Cursor() cursor: string | undefined,
    @AsOf() asOf: Moment | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const sites = sitesFor(caller, 'read casebook', study);
    if (status !== undefined && !statuses.includes(status))
      throw invalidParameter('status', `one of ${statuses.join(', ')}`);
    const moment = await momentOf(this.store, study, { asOf, minPosition });
    const filter = { subject, site, status };
    const scope = cursorScope(caller.id, `signatures of ${study}`, {
      ...filter,
      ...(moment.past && { at: moment.position }),
    });
    const { version } = await this.studies.current(study);
    const definition = (await this.studies.lineage(study, version)).readAs();
    const view = (row: ListedSignature) =>
      viewSignature(row.state, definition, sightOf(caller, study, row.site));
    const shows = (row: ListedSignature) => {
      const shown = view(row);
      return shown !== undefined && (status === undefined || shown.status === status);
    };
    // Whoever is blinded is told of a signature as if what they must not see were not signed.
    const told = { ...filter, ...(!sightOf(caller, study, undefined).arms && { status: undefined }) };
    const read = (after: SignaturePlace | undefined, most: number) => {
      const slice = { study, sites, after, limit: most };
      return moment.past
        ? listSignaturesAsOf(this.pool, slice, told, moment.position)
        : listSignatures(this.pool, slice, told);
    };
    reply.header('Daybook-Position', String(moment.position));
    const { items, nextCursor } = linkNext(
      reply,
      await readPage(this.cursors, { scope, cursor, limit }, readShown(read, shows), placeOf),
    );
    return {
      items: items.map((row) => ({ subjectKey: row.subject, site: row.site, ...view(row) })),
      nextCursor,
    };
  }

  /**
   * Two components, again at every signing (21 CFR 11.200(a)): whose session it is, and that person's password.
   * What would be refused anyway uses up no attempt and no code. A retry signs nothing that is not signed
   * already, and its code would be an old one.
   */
  private async authenticateAnew(
    command: SignData,
    call: Call<Caller>,
    secrets: { password: string; code: string | undefined },
    address: string,
  ): Promise<void> {
    if ((await this.store.readCommand(call.log, call.key)).length > 0) return;
    await this.runner.rehearse(this.commands.SignData, command, call);
    const { id, email } = call.caller;
    const signer = email ? await this.signIn.person({ email, ...secrets }, address) : undefined;
    if (signer !== id)
      throw new Problem('not-permitted', 'Only a person with a password of their own signs.');
  }
}

const placeOf = ({ subject, state }: ListedSignature): SignaturePlace => [subject, numberOf(state.signature)];

/** Reads on until so many are found that are shown: a short page would tell that there are others. */
function readShown(
  read: (after: SignaturePlace | undefined, most: number) => Promise<readonly ListedSignature[]>,
  shows: (row: ListedSignature) => boolean,
) {
  return async (after: SignaturePlace | undefined, most: number): Promise<ListedSignature[]> => {
    const shown: ListedSignature[] = [];
    for (let from = after; ; ) {
      const rows = await read(from, most);
      shown.push(...rows.filter(shows));
      if (rows.length < most || shown.length >= most) return shown.slice(0, most);
      from = placeOf(rows.at(-1)!);
    }
  };
}
