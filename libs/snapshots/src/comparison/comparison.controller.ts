import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Pool } from 'pg';
import { type Caller, CurrentCaller, Needs } from '#access';
import { AnswersAs, invalidParameter, negotiate } from '#http';
import { Problem } from '#problem';
import { type Audience, seenBy } from '../dataset.js';
import { datasetsOf } from '../datasets/datasets.js';
import { readSnapshot, type SnapshotRow } from '../snapshot/snapshot.projection.js';
import { type Publication, StudyReader } from '../study-reader.projection.js';
import { audienceOf } from '../whole-study.js';
import {
  ComparisonAnswer,
  ComparisonHeadAnswer,
  DifferenceCountsAnswer,
  RowDifferenceAnswer,
} from './comparison.dto.js';
import { type DatasetsFrom, stepsOfStudy, stepsOfSubject } from './comparison.js';
import {
  type Act,
  actsIn,
  comparisonDocument,
  comparisonLines,
  type ToldDifference,
  toldDifferences,
} from './comparison-stream.js';

@ApiTags('Snapshots')
@ApiBearerAuth()
@Controller('api/v1/studies/:study/snapshots/:snapshot/compare')
export class ComparisonController {
  constructor(
    private readonly reader: StudyReader,
    private readonly pool: Pool,
  ) {}

  @Get(':later')
  @Needs('read datasets')
  @ApiOperation({
    summary: 'What changed from one snapshot to a later one, and by which acts',
    description:
      'Each row that differs, with its old and new values and the acts that made it another: position, who, when, reason. NDJSON has a line for the head, one a row, and one for the counts.',
  })
  @AnswersAs({
    'application/json': ComparisonAnswer,
    'application/x-ndjson': [ComparisonHeadAnswer, RowDifferenceAnswer, DifferenceCountsAnswer],
  })
  @ApiQuery({
    name: 'datasets',
    required: false,
    description: 'Names with commas between; all but AUDIT, whose rows are the acts themselves',
  })
  async compare(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Param('snapshot') snapshot: string,
    @Param('later') later: string,
    @Query('datasets') datasets: string | undefined,
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const audience = audienceOf(caller, study);
    const [from, to] = [await this.find(study, snapshot), await this.find(study, later)];
    if (from.position > to.position) throw invalidParameter('later', `a snapshot not before ${from.name}`);
    const published = await this.reader.publications(study, from.position, to.position);
    const studies = await this.datasets(study, from.position, published, audience);
    const names = chosen(datasets, studies);
    const format = negotiate(accept, ['application/json', 'application/x-ndjson']);
    const head = { from: nameOf(from), to: nameOf(to), definitions: published };
    const found = this.differences(study, names, studies, to.position, published);
    const text =
      format === 'application/json' ? comparisonDocument(head, found) : comparisonLines(head, found);
    reply
      .header('Content-Type', format)
      .header('Vary', 'Accept')
      .send(Readable.from(text, { objectMode: false }));
  }

  private async *differences(
    study: string,
    names: readonly string[],
    studies: readonly DatasetsFrom[],
    to: number,
    published: readonly Publication[],
  ): AsyncGenerator<ToldDifference> {
    const publications = published.map((one): [number, Act] => [one.position, one]);
    const studySteps = stepsOfStudy(studies);
    for (const name of names) yield* toldDifferences(name, studySteps, new Map(publications));
    const audit = studies.at(-1)!.datasets.get('AUDIT')!;
    for await (const subject of this.reader.between(study, studies[0]!.position, to)) {
      const acts = new Map([...publications, ...(subject.after ? actsIn(audit, subject.after) : [])]);
      const steps = stepsOfSubject(subject, studies);
      for (const name of names) {
        yield* toldDifferences(name, steps, acts);
        // A dataset of a subject of many acts takes long to go through: others have their turn.
        await setImmediate();
      }
    }
  }

  /** As they are at a position, and from each publication on. */
  private async datasets(
    study: string,
    from: number,
    published: readonly Publication[],
    audience: Audience,
  ): Promise<DatasetsFrom[]> {
    const positions = [from, ...published.map(({ position }) => position)];
    return Promise.all(
      positions.map(async (position) => {
        const all = datasetsOf(await this.reader.study(study, position));
        const seen = all.flatMap((dataset) => seenBy(dataset, audience) ?? []);
        return { position, datasets: new Map(seen.map((one) => [one.table.name, one])) };
      }),
    );
  }

  private async find(study: string, snapshot: string): Promise<SnapshotRow> {
    const row = await readSnapshot(this.pool, study, snapshot);
    if (!row) throw new Problem('not-found', 'There is no such thing here.');
    return row;
  }
}

const nameOf = ({ snapshot, name, position }: SnapshotRow) => ({ id: snapshot, name, position });

/** @throws Problem invalid-request where one is not there */
function chosen(asked: string | undefined, studies: readonly DatasetsFrom[]): string[] {
  const there = [...new Set(studies.flatMap(({ datasets }) => [...datasets.keys()]))];
  const names = asked?.split(',') ?? there.filter((name) => name !== 'AUDIT');
  if (!names.every((name) => there.includes(name)))
    throw invalidParameter('datasets', `some of ${there.join(', ')}`);
  return names;
}
