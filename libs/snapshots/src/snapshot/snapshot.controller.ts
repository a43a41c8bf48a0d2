import { Readable } from 'node:stream';
import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Pool } from 'pg';
import { type Caller, CurrentCaller, Needs, WriteCall } from '#access';
import { acknowledge, type Call, Runner } from '#commands';
import { EventStore, momentOf } from '#event-store';
import {
  Cursor,
  Cursors,
  cursorScope,
  isHeld,
  Limit,
  linkNext,
  negotiate,
  parseRange,
  readMoment,
  readPage,
  strongETag,
  withHeaders,
} from '#http';
import { Problem } from '#problem';
import { formatOf, formats } from '#tabular';
import type { Audience } from '../dataset.js';
import { audienceOf } from '../whole-study.js';
import { SNAPSHOT_COMMANDS, type SnapshotCommands } from './snapshot.commands.js';
import { AnswersFile, AnswersOdm, SnapshotAnswer, SnapshotBody, SnapshotPage } from './snapshot.dto.js';
import type { DatasetEntry, FileEntry, Manifest } from './snapshot.js';
import { listSnapshots, readProgress, readSnapshot, type SnapshotRow } from './snapshot.projection.js';
import { type FileName, odmFile, readFile } from './snapshot-file.table.js';

const mediaTypes = formats.map(({ mediaType }) => mediaType);

@ApiTags('Snapshots')
@ApiBearerAuth()
@Controller('api/v1/studies/:study/snapshots')
export class SnapshotController {
  constructor(
    private readonly runner: Runner<Caller>,
    @Inject(SNAPSHOT_COMMANDS) private readonly commands: SnapshotCommands,
    private readonly store: EventStore,
    private readonly pool: Pool,
    private readonly cursors: Cursors,
  ) {}

  @Post()
  @Needs('RequestSnapshot')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Take a snapshot',
    description:
      'An immutable, named state of the study as of a position. Its files are made in the background.',
  })
  @ApiAcceptedResponse({ type: SnapshotAnswer, headers: withHeaders('Location') })
  async request(
    @WriteCall() call: Call<Caller>,
    @Body() { name, purpose, asOf }: SnapshotBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const audience = audienceOf(call.caller, call.log);
    const position = await this.positionOf(call.log, asOf);
    const receipt = await this.runner.run(this.commands.RequestSnapshot, { name, purpose, position }, call);
    acknowledge(reply, receipt);
    const { snapshot } = receipt.events[0]!.data as { snapshot: string };
    reply.header('Location', `/api/v1/studies/${call.log}/snapshots/${snapshot}`);
    return this.view((await readSnapshot(this.pool, call.log, snapshot))!, audience);
  }

  @Get()
  @Needs('read datasets')
  @ApiOperation({ summary: 'List snapshots, in the order in which they were asked for' })
  @ApiOkResponse({ type: SnapshotPage })
  async list(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Limit() limit: number,
    @Cursor() cursor: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    audienceOf(caller, study);
    const scope = cursorScope(caller.id, `snapshots of ${study}`, {});
    const read = (after: readonly [number] | undefined, most: number) =>
      listSnapshots(this.pool, study, after?.[0] ?? 0, most);
    const { items, nextCursor } = linkNext(
      reply,
      await readPage(this.cursors, { scope, cursor, limit }, read, ({ number }) => [number] as const),
    );
    return { items: items.map(summary), nextCursor };
  }

  @Get(':snapshot')
  @Needs('read datasets')
  @ApiOperation({
    summary: 'One snapshot with its manifest',
    description:
      'Position, definition, signed checkpoint, and for each dataset rows, columns and the SHA-256 of its files.',
  })
  @ApiOkResponse({ type: SnapshotAnswer })
  async read(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Param('snapshot') snapshot: string,
  ) {
    const audience = audienceOf(caller, study);
    return this.view(await this.find(study, snapshot), audience);
  }

  @Get(':snapshot/datasets/:dataset')
  @Needs('read datasets')
  @ApiOperation({
    summary: 'A dataset of a snapshot: the same bytes for ever',
    description:
      'In the format that Accept, or `format`, asks for. Ranges are served, so a download resumes.',
  })
  @AnswersFile()
  @ApiQuery({ name: 'format', required: false, enum: formats.map(({ name }) => name) })
  async file(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Param('snapshot') snapshot: string,
    @Param('dataset') dataset: string,
    @Query('format') format: string | undefined,
    @Headers('accept') accept: string | undefined,
    @Headers('range') range: string | undefined,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Headers('if-range') ifRange: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const audience = audienceOf(caller, study);
    const { datasets } = await this.manifestOf(study, snapshot);
    const entry = datasets[audience].find(({ name }) => name === dataset);
    if (!entry) throw new Problem('not-found', 'There is no such thing here.');
    const file = fileOf(entry, format, accept);
    reply.header('Vary', 'Accept');
    const name = { study, snapshot, dataset, audience: entry.madeFor, format: file.format };
    this.send(reply, name, file, { range, ifNoneMatch, ifRange });
  }

  @Get(':snapshot/odm')
  @Needs('read datasets')
  @ApiOperation({
    summary: 'All clinical data of a snapshot as CDISC ODM 1.3.2: the same bytes for ever',
    description:
      'Each act is a SubjectData, without who acted and who the subjects are. Ranges are served, so a download resumes.',
  })
  @AnswersOdm()
  async odm(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Param('snapshot') snapshot: string,
    @Headers('accept') accept: string | undefined,
    @Headers('range') range: string | undefined,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Headers('if-range') ifRange: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const audience = audienceOf(caller, study);
    negotiate(accept, ['application/xml']);
    const { odm } = await this.manifestOf(study, snapshot);
    if (!odm) throw new Problem('not-found', 'There is no such thing here.');
    this.send(reply, odmFile(study, snapshot, audience), odm[audience], { range, ifNoneMatch, ifRange });
  }

  /** A file or the range of it that is asked for, unless the caller has it. */
  private send(
    reply: FastifyReply,
    name: FileName,
    { sha256, bytes, mediaType }: FileEntry,
    { range, ifNoneMatch, ifRange }: Record<'range' | 'ifNoneMatch' | 'ifRange', string | undefined>,
  ): void {
    const tag = strongETag(sha256);
    reply.header('ETag', tag);
    if (isHeld(ifNoneMatch, sha256)) {
      reply.status(304).send();
      return;
    }
    const asked = ifRange === undefined || ifRange === tag ? parseRange(range, bytes) : undefined;
    if (asked === 'unsatisfiable') {
      reply.header('Content-Range', `bytes */${bytes}`);
      throw new Problem('range-not-satisfiable', `The file has ${bytes} bytes.`);
    }
    const { from, to } = asked ?? { from: 0, to: bytes };
    const { study, snapshot, dataset } = name;
    const extension = formatOf(name.format)?.extension ?? '.xml';
    reply
      .status(asked ? 206 : 200)
      .header('Content-Type', mediaType)
      .header('Content-Length', String(to - from))
      .header('Content-Disposition', `attachment; filename="${study}-${snapshot}-${dataset}${extension}"`)
      .header('Accept-Ranges', 'bytes');
    if (asked) reply.header('Content-Range', `bytes ${from}-${to - 1}/${bytes}`);
    reply.send(Readable.from(readFile(this.pool, name, from, to), { objectMode: false }));
  }

  private async manifestOf(study: string, snapshot: string): Promise<Manifest> {
    const { manifest } = await this.find(study, snapshot);
    if (!manifest) throw new Problem('conflict', 'The snapshot is still being made.');
    return manifest;
  }

  private async positionOf(study: string, asOf: unknown): Promise<number | undefined> {
    if (asOf === undefined || asOf === null) return undefined;
    const moment =
      typeof asOf === 'string' || typeof asOf === 'number' ? readMoment(String(asOf)) : undefined;
    if (!moment) throw noMoment('A position, or an existing RFC 3339 instant such as 2024-03-05T14:00:00Z.');
    const { position } = await momentOf(this.store, study, { asOf: moment });
    if (position < 0) throw noMoment('The study had not begun by then.');
    return position;
  }

  private async find(study: string, snapshot: string): Promise<SnapshotRow> {
    const row = await readSnapshot(this.pool, study, snapshot);
    if (!row) throw new Problem('not-found', 'There is no such thing here.');
    return row;
  }

  private async view(row: SnapshotRow, audience: Audience) {
    if (!row.manifest) return { ...summary(row), progress: await readProgress(this.pool, row) };
    const { recordedAt, definition, checkpoint, datasets, odm } = row.manifest;
    return {
      ...summary(row),
      ...{ recordedAt, definition, checkpoint },
      datasets: datasets[audience].map(({ madeFor: _, ...entry }) => ({
        ...entry,
        sha256: entry.files.find(({ format }) => format === 'csv')!.sha256,
      })),
      ...(odm && { odm: odm[audience] }),
    };
  }
}

function noMoment(message: string): Problem {
  return new Problem('invalid-value', message, {
    errors: [{ pointer: '/asOf', code: 'no-moment', message }],
  });
}

function summary({ snapshot, name, purpose, position, requested, by, manifest }: SnapshotRow) {
  return {
    id: snapshot,
    name,
    purpose,
    position,
    status: manifest ? 'ready' : 'making',
    requestedAt: new Date(requested).toISOString(),
    requestedBy: by,
  };
}

function fileOf({ files }: DatasetEntry, format: string | undefined, accept: string | undefined): FileEntry {
  const wanted = format ?? formatOf(negotiate(accept, mediaTypes))!.name;
  const file = files.find((one) => one.format === wanted);
  if (!file) throw new Problem('not-acceptable', `There is ${files.map((one) => one.format).join(', ')}.`);
  return file;
}
