import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Pool } from 'pg';
import { Public } from '#access';
import { AUDIT_FOLLOWER } from '#audit';
import type { Follower } from '#event-store';
import { OUTCOME_FOLLOWER } from '#outcomes';
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
  live() {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @ApiOperation({ summary: 'Requests can be answered; followers that stand still are named' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
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
  async read(@Res({ passthrough: true }) reply: FastifyReply) {
    reply.header('Content-Type', this.metrics.contentType);
    return this.metrics.text();
  }
}
