import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Pool } from 'pg';
import { type Caller, CurrentCaller, Needs, sitesFor } from '#access';
import { EventStore, Follower, momentOf } from '#event-store';
import { AnswersAs, AsOf, MinPosition, type Moment, text } from '#http';
import { Studies } from '#study';
import { AnswersCurve, CurveParameters } from './curve.dto.js';
import { type CurveAnswer, type CurveKind, curvesOf } from './curve.js';
import { endpointOf, membersOf, type OutcomeSources } from './curve.projection.js';
import { curveFigure } from './curve-figure.js';
import { horizonOf, yearlyTo } from './curve-horizon.js';
import { parseCurveQuery } from './curve-query.js';
import { OUTCOME_FOLLOWER } from './outcome.controller.js';

@ApiTags('Outcomes')
@ApiBearerAuth()
@Controller('api/v1/studies/:study/outcomes')
export class CurveController {
  private readonly sources: OutcomeSources;

  constructor(
    @Inject(OUTCOME_FOLLOWER) follower: Follower,
    private readonly store: EventStore,
    private readonly studies: Studies,
    pool: Pool,
  ) {
    this.sources = { follower, store, studies, pool };
  }

  @Get('incidence')
  @Needs('read outcomes')
  @ApiOperation({
    summary: 'Cumulative incidence of an endpoint: Aalen–Johansen, and Gray’s test by arm',
    description: 'Beside what competes with it. By arm only for those who may tell the arms apart.',
  })
  @AnswersCurve('incidence')
  async incidence(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Query() query: CurveParameters,
    @AsOf() asOf: Moment | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CurveAnswer> {
    const made = await this.make('incidence', caller, study, query, { asOf, minPosition }, reply);
    return made.answer;
  }

  @Get('survival')
  @Needs('read outcomes')
  @ApiOperation({
    summary: 'Survival free of an endpoint: Kaplan–Meier, the median, and the log-rank test by arm',
    description:
      'Free of the event and of what competes with it, for a competing event censors nobody. By arm only for those who may tell the arms apart.',
  })
  @AnswersCurve('survival')
  async survival(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Query() query: CurveParameters,
    @AsOf() asOf: Moment | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CurveAnswer> {
    const made = await this.make('survival', caller, study, query, { asOf, minPosition }, reply);
    return made.answer;
  }

  @Get('incidence.svg')
  @Needs('read outcomes')
  @ApiOperation({ summary: 'The figure of the cumulative incidence, with the numbers at risk' })
  @AnswersAs({ 'image/svg+xml': text })
  async incidenceFigure(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Query() query: CurveParameters,
    @AsOf() asOf: Moment | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const made = await this.make('incidence', caller, study, query, { asOf, minPosition }, reply);
    return draw(made, reply);
  }

  @Get('survival.svg')
  @Needs('read outcomes')
  @ApiOperation({ summary: 'The figure of the survival, with the numbers at risk' })
  @AnswersAs({ 'image/svg+xml': text })
  async survivalFigure(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Query() query: CurveParameters,
    @AsOf() asOf: Moment | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const made = await this.make('survival', caller, study, query, { asOf, minPosition }, reply);
    return draw(made, reply);
  }

  private async make(
    kind: CurveKind,
    caller: Caller,
    study: string,
    parameters: CurveParameters,
    asked: Parameters<typeof momentOf>[2],
    reply: FastifyReply,
  ): Promise<Made> {
    sitesFor(caller, 'read outcomes', study);
    const query = parseCurveQuery(parameters);
    const moment = await momentOf(this.store, study, asked);
    const members = await membersOf(this.sources, caller, study, query, moment);
    const { label, arms, horizon: limit } = await endpointOf(this.studies, study, query.endpoint);
    const horizon = horizonOf(limit, Math.max(0, ...members.map(({ days }) => days)));
    const { definition } = await this.studies.current(study);
    const compared = arms ?? definition.arms.map(({ code }) => code);
    reply.header('Daybook-Position', String(moment.position));
    const answer = curvesOf(kind, members, {
      ...query,
      arms: query.byArm ? compared : undefined,
      at: query.at ?? yearlyTo(horizon),
    });
    return { kind, answer, title: label, horizon };
  }
}

interface Made {
  readonly kind: CurveKind;
  readonly answer: CurveAnswer;
  readonly title: string;
  readonly horizon: number;
}

function draw({ kind, answer, title, horizon }: Made, reply: FastifyReply): string {
  reply
    .header('Content-Type', 'image/svg+xml; charset=utf-8')
    .header('Content-Security-Policy', "default-src 'none'");
  return curveFigure(kind, answer, title, horizon);
}
