import { Readable } from 'node:stream';
import { Controller, Get, Headers, Param, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Pool } from 'pg';
import { authorise, type Caller, CurrentCaller, INSTALLATION_LOG, Needs } from '#access';
import { EventStore, LogTree, momentOf } from '#event-store';
import { AnswersAs, bytes, invalidParameter, MinPosition, negotiate, parseCount, text } from '#http';
import { formatVerifierKey, noteKey, rootHash } from '#merkle';
import { Problem } from '#problem';
import { entryLines } from './entry-lines.js';
import { ProofAnswer, VerifierKeyPage } from './log.dto.js';
import { type Proof, proveConsistency, proveInclusion, readTile } from './proofs.js';
import { SigningKeys } from './signing-key.table.js';

@ApiTags('Log')
@ApiBearerAuth()
@Controller('api/v1/studies/:study/log')
export class LogController {
  constructor(
    private readonly store: EventStore,
    private readonly pool: Pool,
    private readonly keys: SigningKeys,
  ) {}

  @Get('checkpoint')
  @Needs('read study')
  @ApiOperation({
    summary: 'The signed head of the log',
    description:
      'A C2SP signed note: origin, number of entries, root hash (RFC 9162). The same size gives the same bytes.',
  })
  @AnswersAs({ 'text/plain': text })
  async checkpoint(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const size = await this.size(caller, study, minPosition, reply);
    const tree = this.tree(study);
    await tree.fill(size);
    reply.header('Content-Type', 'text/plain; charset=utf-8').header('Cache-Control', 'no-cache');
    return this.keys.sign(study, size, await rootHash(tree, size));
  }

  @Get('proofs/inclusion')
  @Needs('read study')
  @ApiOperation({
    summary: 'Proof that an entry is in the tree of the first `size` entries (RFC 9162 §2.1.3)',
  })
  @ApiQuery({ name: 'position', example: 3 })
  @ApiQuery({ name: 'size', example: 8 })
  @ApiOkResponse({ type: ProofAnswer })
  async inclusion(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Query('position') position: string | undefined,
    @Query('size') size: string | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Proof> {
    const logSize = await this.size(caller, study, minPosition, reply);
    const asked = { position: required('position', position), size: required('size', size), logSize };
    return proveInclusion(this.tree(study), asked);
  }

  @Get('proofs/consistency')
  @Needs('read study')
  @ApiOperation({ summary: 'Proof that the log only grew between two sizes (RFC 9162 §2.1.4)' })
  @ApiQuery({ name: 'from', example: 3 })
  @ApiQuery({ name: 'to', example: 8 })
  @ApiOkResponse({ type: ProofAnswer })
  async consistency(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Query('from') from: string | undefined,
    @Query('to') to: string | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Proof> {
    const logSize = await this.size(caller, study, minPosition, reply);
    const asked = { from: required('from', from), to: required('to', to), logSize };
    return proveConsistency(this.tree(study), asked);
  }

  @Get('tile/*')
  @Needs('read study')
  @ApiOperation({
    summary: 'A tile of the Merkle tree (C2SP tlog-tiles)',
    description: 'The path is level and index, and `.p/17` at the end for a partial tile of 17 hashes.',
  })
  @ApiParam({ name: 'path', type: String, example: '0/x001/234' })
  @AnswersAs({ 'application/octet-stream': bytes })
  async tile(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Req() request: FastifyRequest<{ Params: { '*': string } }>,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const logSize = await this.size(caller, study, minPosition, reply);
    const { bytes, full } = await readTile(this.tree(study), request.params['*'], logSize);
    // Not `public`: a tile is for those who may read the study.
    if (full) reply.header('Cache-Control', 'private, max-age=31536000, immutable');
    reply.header('Content-Type', 'application/octet-stream');
    return bytes;
  }

  @Get('entries')
  @Needs('read entries')
  @ApiOperation({
    summary: 'Entries of the log, each line the exact bytes that were hashed',
    description: '`from` (inclusive) to `to` (exclusive); by default, and at most, all that there are.',
  })
  @ApiQuery({ name: 'from', required: false, example: 0 })
  @ApiQuery({ name: 'to', required: false, example: 100 })
  @AnswersAs({ 'application/x-ndjson': text })
  async entries(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Query('from') from: string | undefined,
    @Query('to') to: string | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    authorise(caller, study === INSTALLATION_LOG ? 'read users' : 'read entries', study);
    const size = await this.size(caller, study, minPosition, reply);
    const first = parseCount('from', from) ?? 0;
    const end = parseCount('to', to) ?? size;
    if (to !== undefined && first > end)
      throw new Problem('invalid-request', 'from must not be greater than to.');
    const lines = entryLines(this.store.entries(study, first, Math.min(end, size)));
    reply.header('Content-Type', 'application/x-ndjson');
    reply.send(Readable.from(lines, { objectMode: false }));
  }

  @Get('keys')
  @Needs('read study')
  @ApiOperation({
    summary: 'The keys that verify checkpoints, the current one first',
    description: 'C2SP verifier keys, one a line; JSON adds from when and to when each signed.',
  })
  @AnswersAs({ 'text/plain': text, 'application/json': VerifierKeyPage })
  async verifierKeys(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @MinPosition() minPosition: number | undefined,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.size(caller, study, minPosition, reply);
    const format = negotiate(accept, ['text/plain', 'application/json']);
    const origin = await this.keys.origin(study);
    const items = (await this.keys.all()).map(({ public: bytes, from, to }) => ({
      key: formatVerifierKey(noteKey(origin, bytes)),
      from,
      to,
    }));
    reply.header('Vary', 'Accept');
    if (format === 'application/json') return { items, nextCursor: null };
    reply.header('Content-Type', 'text/plain; charset=utf-8');
    return items.map(({ key }) => `${key}\n`).join('');
  }

  /** How many entries the log has, for one who may know. @throws Problem not-found, unavailable */
  private async size(
    caller: Caller,
    study: string,
    minPosition: number | undefined,
    reply: FastifyReply,
  ): Promise<number> {
    authorise(caller, 'read study', study);
    const { position } = await momentOf(this.store, study, { minPosition });
    if (position < 0) throw new Problem('not-found', 'There is no such thing here.');
    reply.header('Daybook-Position', String(position));
    return position + 1;
  }

  private tree(study: string): LogTree {
    return new LogTree(this.pool, study);
  }
}

function required(parameter: string, text: string | undefined): number {
  const count = parseCount(parameter, text);
  if (count === undefined) throw invalidParameter(parameter, 'given');
  return count;
}
