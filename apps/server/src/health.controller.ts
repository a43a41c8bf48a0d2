import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Pool } from 'pg';
import { Public } from '#access';
import { AUDIT_FOLLOWER } from '#audit';
import type { Follower } from '#event-store';
import { AnswersAs, text } from '#http';
import { OUTCOME_FOLLOWER } from '#outcomes';
import { LiveAnswer, ReadyAnswer } from './health.dto.js';
import { Metrics } from './metrics.js';

@ApiTags('Operation')
@Public()
@Controller()
export class HealthController {
  constructor(
    private readonly pool: Pool,
    private readonly metrics: Metrics,
    @Inject(OUTCOME_FOLLOWER) private readonly outcomes: Follower,
    @Inject(AUDIT_FOLLOWER) private readonly audit: Follower,
  ) {}

  @Get('health/live')
  @ApiOperation({ summary: 'The process runs' })
  @ApiOkResponse({ type: LiveAnswer })
  live(): LiveAnswer {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @ApiOperation({ summary: 'Requests can be answered; followers that stand still are named' })
  @ApiOkResponse({ type: ReadyAnswer })
  @ApiServiceUnavailableResponse({ type: ReadyAnswer })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadyAnswer> {
    const database = await this.pool.query('SELECT 1').then(
      () => 'ok',
      () => 'unreachable',
    );
    const followers = Object.fromEntries(
      [this.outcomes, this.audit].map(({ name, failure }) => [name, failure ? 'failing' : 'ok']),
    );
    if (database !== 'ok') reply.status(503);
    return { status: database, followers };
  }

  @Get('metrics')
  @ApiOperation({ summary: 'Prometheus metrics' })
  @AnswersAs({ 'text/plain': text })
  async read(@Res({ passthrough: true }) reply: FastifyReply) {
    reply.header('Content-Type', this.metrics.contentType);
    return this.metrics.text();
  }
}
