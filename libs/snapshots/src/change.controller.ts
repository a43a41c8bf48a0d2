import { Readable } from 'node:stream';
import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Pool } from 'pg';
import { type Caller, CurrentCaller, Needs } from '#access';
import { AUDIT_FOLLOWER, type AuditLine, readTrail } from '#audit';
import { SubjectKeys } from '#casebook';
import { EventStore, Follower, LogSignal } from '#event-store';
import { AnswersAs, invalidParameter, Limit, parseCount, wholeNumber, withHeaders } from '#http';
import { Problem } from '#problem';
import { Studies } from '#study';
import { ChangeAnswer } from './change.dto.js';
import { audienceOf } from './whole-study.js';

const LONGEST_WAIT_S = 60;

@ApiTags('Datasets')
@ApiBearerAuth()
@Controller('api/v1/studies/:study/changes')
export class ChangeController {
  constructor(
    @Inject(AUDIT_FOLLOWER) private readonly trail: Follower,
    private readonly store: EventStore,
    private readonly signal: LogSignal,
    private readonly studies: Studies,
    private readonly keys: SubjectKeys,
    private readonly pool: Pool,
  ) {}

  @Get()
  @Needs('read datasets')
  @ApiOperation({
    summary: 'What happened after a position, one line a position',
    description:
      'Each position exactly once, in order, with the lines of the audit trail that the caller may see of it; none where it is not for the caller. Daybook-Position is the last one given: ask again after it.',
  })
  @AnswersAs({ 'application/x-ndjson': [ChangeAnswer] }, { headers: withHeaders('Daybook-Position') })
  @ApiQuery({
    name: 'after',
    required: false,
    example: 120,
    description: 'From the first position unless given',
  })
  @ApiQuery({
    name: 'wait',
    required: false,
    description: 'Seconds to wait for something to happen: at most 60',
  })
  async read(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Query('after') after: string | undefined,
    @Query('wait') wait: string | undefined,
    @Limit() limit: number,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    audienceOf(caller, study);
    const from = positionAfter(after);
    const seconds = Math.min(parseCount('wait', wait) ?? 0, LONGEST_WAIT_S);
    const size = await this.grown(study, from, seconds);
    const to = Math.min(size, from + limit);
    if (to > from && !(await this.trail.reached(study, to - 1)))
      throw new Problem('unavailable', 'The trail has not caught up with the log yet.');
    const { pool, studies, keys } = this;
    const slice = { study, sites: 'all' as const, filter: { from, to }, after: undefined, batch: 200 };
    const lines = from < to ? readTrail({ pool, studies, keys }, caller, slice) : nothing();
    reply
      .header('Daybook-Position', String(Math.max(from, to) - 1))
      .header('Content-Type', 'application/x-ndjson')
      .send(Readable.from(byPosition(lines, from, to), { objectMode: false }));
  }

  /** The size of the log, once it has a position or the time is over. */
  private async grown(study: string, position: number, seconds: number): Promise<number> {
    const size = await this.store.size(study);
    if (size > position || seconds === 0) return size;
    const grown = this.signal.grown(study, seconds * 1000);
    // What came between the look and the listening has made its noise already.
    if ((await this.store.size(study)) === size) await grown;
    return this.store.size(study);
  }
}

function positionAfter(text: string | undefined): number {
  if (text === undefined || text === '-1') return 0;
  const position = wholeNumber(text);
  if (position === undefined) throw invalidParameter('after', 'a position');
  return position + 1;
}

/** A line of NDJSON for each position from `from` (inclusive) to `to` (exclusive), whatever may be seen of it. */
async function* byPosition(
  lines: AsyncIterable<AuditLine>,
  from: number,
  to: number,
): AsyncGenerator<string> {
  let position = from;
  let own: AuditLine[] = [];
  for await (const line of lines) {
    for (; position < line.position; own = []) yield changeLine(position++, own);
    // That something masked happened at all could tell the arms apart, and so could a gap between lines.
    if (line.masked !== 'blinded') own.push({ ...line, line: own.length });
  }
  for (; position < to; own = []) yield changeLine(position++, own);
}

function changeLine(position: number, lines: readonly AuditLine[]): string {
  const [first] = lines;
  const about = first && { recordedAt: first.recordedAt, type: first.type, subjectKey: first.subjectKey };
  return `${JSON.stringify({ position, ...about, lines })}\n`;
}

async function* nothing(): AsyncGenerator<AuditLine> {}
