import { Readable } from 'node:stream';
import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Caller, CurrentCaller, Needs } from '#access';
import { EventStore, momentOf } from '#event-store';
import {
  AnswersAs,
  AsOf,
  invalidParameter,
  MinPosition,
  type Moment,
  negotiate,
  text,
  wholeNumber,
} from '#http';
import { Problem } from '#problem';
import { csv, ndjson } from '#tabular';
import {
  ChangesHeadAnswer,
  DatasetChangesAnswer,
  DatasetsAnswer,
  DeleteLineAnswer,
  UpsertLineAnswer,
} from './dataset.dto.js';
import { type SeenDataset, seenBy } from './dataset.js';
import { changeLines, changesDocument, readChanges, rowsOf } from './dataset-stream.js';
import { datasetsOf } from './datasets/datasets.js';
import { StudyReader } from './study-reader.projection.js';
import { audienceOf } from './whole-study.js';

/** The formats that say nothing of the rows before the first of them. */
const streamed = { 'text/csv': csv, 'application/x-ndjson': ndjson };
const mediaTypes = Object.keys(streamed) as (keyof typeof streamed)[];

@ApiTags('Datasets')
@ApiBearerAuth()
@Controller('api/v1/studies/:study/datasets')
export class DatasetController {
  constructor(
    private readonly reader: StudyReader,
    private readonly store: EventStore,
  ) {}

  @Get()
  @Needs('read datasets')
  @ApiOperation({ summary: 'The study’s datasets with their columns' })
  @ApiOkResponse({ type: DatasetsAnswer })
  async list(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @AsOf() asOf: Moment | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DatasetsAnswer> {
    const audience = audienceOf(caller, study);
    const { position } = await momentOf(this.store, study, { asOf, minPosition });
    reply.header('Daybook-Position', String(position));
    const at = await this.reader.study(study, position);
    return { position, items: datasetsOf(at).flatMap((dataset) => seenBy(dataset, audience)?.table ?? []) };
  }

  @Get(':dataset')
  @Needs('read datasets')
  @ApiOperation({ summary: 'A dataset as of any position, made from the log as it is read' })
  @AnswersAs({ 'text/csv': text, 'application/x-ndjson': text })
  async read(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Param('dataset') dataset: string,
    @AsOf() asOf: Moment | undefined,
    @MinPosition() minPosition: number | undefined,
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const audience = audienceOf(caller, study);
    const { position } = await momentOf(this.store, study, { asOf, minPosition });
    const mediaType = negotiate(accept, mediaTypes);
    const seen = await this.seen(study, position, dataset, audience);
    if (!seen) throw new Problem('not-found', 'There is no such thing here.');
    const rows = rowsOf(seen, this.reader.subjects(study, position));
    reply
      .header('Daybook-Position', String(position))
      .header('Content-Type', mediaType)
      .header('Vary', 'Accept')
      .send(Readable.from(streamed[mediaType](seen.table, rows), { objectMode: false }));
  }

  @Get(':dataset/changes')
  @Needs('read datasets')
  @ApiOperation({
    summary: 'What makes a dataset out of its state after a position',
    description:
      'Rows to upsert and keys to delete, to the end of the log or to `to`. With other columns than before, every row is there. NDJSON has a first line with the columns, then one line a change.',
  })
  @AnswersAs({
    'application/json': DatasetChangesAnswer,
    'application/x-ndjson': [ChangesHeadAnswer, UpsertLineAnswer, DeleteLineAnswer],
  })
  @ApiQuery({ name: 'after', example: 120, description: 'A position; -1 for the state before the first' })
  @ApiQuery({ name: 'to', required: false })
  async changes(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Param('dataset') dataset: string,
    @Query('after') after: string | undefined,
    @Query('to') to: string | undefined,
    @MinPosition() minPosition: number | undefined,
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const audience = audienceOf(caller, study);
    const until = to === undefined ? undefined : positionIn('to', to);
    const asOf = until === undefined ? undefined : { position: until };
    const { position } = await momentOf(this.store, study, { asOf, minPosition });
    const from = after === '-1' ? -1 : positionIn('after', after);
    if (from > position) throw invalidParameter('after', `a position up to ${position}`);
    const states = {
      before: from < 0 ? undefined : await this.seen(study, from, dataset, audience),
      after: await this.seen(study, position, dataset, audience),
    };
    if (!states.after) throw new Problem('not-found', 'There is no such thing here.');
    const format = negotiate(accept, ['application/json', 'application/x-ndjson']);
    const head = { dataset, after: from, position, columns: states.after.table.columns };
    const changes = readChanges(states, this.reader.between(study, from, position));
    const text = format === 'application/json' ? changesDocument(head, changes) : changeLines(head, changes);
    reply
      .header('Daybook-Position', String(position))
      .header('Content-Type', format)
      .header('Vary', 'Accept')
      .send(Readable.from(text, { objectMode: false }));
  }

  private async seen(
    study: string,
    position: number,
    name: string,
    audience: Parameters<typeof seenBy>[1],
  ): Promise<SeenDataset | undefined> {
    const dataset = datasetsOf(await this.reader.study(study, position)).find((one) => one.name === name);
    return dataset && seenBy(dataset, audience);
  }
}

function positionIn(parameter: string, text: string | undefined): number {
  const position = text === undefined ? undefined : wholeNumber(text);
  if (position === undefined) throw invalidParameter(parameter, 'a position');
  return position;
}
