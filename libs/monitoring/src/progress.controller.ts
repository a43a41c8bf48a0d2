import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Caller, CurrentCaller, Needs } from '#access';
import { AnswersAs, AsOf, invalidParameter, MinPosition, type Moment, text } from '#http';
import { ageFigure } from './age-figure.js';
import { enrolmentFigure } from './enrolment-figure.js';
import { AnswersProgress } from './progress.dto.js';
import { ProgressReader } from './progress.service.js';

const figures = ['enrolment', 'queries'];

@ApiTags('Monitoring')
@ApiBearerAuth()
@Needs('read progress')
@Controller('api/v1/studies/:study')
export class ProgressController {
  constructor(private readonly reader: ProgressReader) {}

  @Get('progress')
  @ApiOperation({
    summary: 'Enrolment against plan, completeness, query ages, overdue visits; by site',
    description:
      'Of the sites that the caller may see. For the blinded nothing counts that tells the arms apart. A past state is folded from the log, and takes longer.',
  })
  @AnswersProgress()
  async progress(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @AsOf() asOf: Moment | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { position, progress } = await this.reader.read(caller, study, { asOf, minPosition });
    reply.header('Daybook-Position', String(position));
    return progress;
  }

  @Get('progress.svg')
  @ApiOperation({ summary: 'The curve of enrolment against plan, or the ages of queries, as a figure' })
  @ApiQuery({ name: 'figure', required: false, enum: figures })
  @AnswersAs({ 'image/svg+xml': text })
  async figure(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Query('figure') figure: string | undefined,
    @AsOf() asOf: Moment | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    if (figure !== undefined && !figures.includes(figure))
      throw invalidParameter('figure', `one of ${figures.join(', ')}`);
    const { position, progress, ages } = await this.reader.read(caller, study, { asOf, minPosition });
    reply
      .header('Daybook-Position', String(position))
      .header('Content-Type', 'image/svg+xml; charset=utf-8')
      .header('Content-Security-Policy', "default-src 'none'");
    return figure === 'queries' ? ageFigure(ages) : enrolmentFigure(progress.enrolment);
  }
}
