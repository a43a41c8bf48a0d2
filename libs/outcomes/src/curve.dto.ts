import { ApiOkResponse, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { count } from '#http';
import type { Interval, Reading, Step, TestResult } from '#statistics';
import type { CurveAnswer, CurveGroup, CurveKind } from './curve.js';
import { type AskedCurve, intervals, variances } from './curve-query.js';

const numberOrNull = { type: 'number', nullable: true } as const;
const probability = { type: 'number', minimum: 0, maximum: 1 } as const;

export class CurveParameters implements AskedCurve {
  @ApiProperty({ example: 'DSDTH' })
  endpoint?: string;

  @ApiPropertyOptional({ enum: ['arm'], description: 'One curve an arm, and a test that they are the same' })
  by?: string;

  @ApiPropertyOptional({
    example: '365,730,1826',
    description: 'Days at which the curve is read; the end of each year up to the horizon unless given',
  })
  at?: string;

  @ApiPropertyOptional({
    enum: intervals,
    default: 'log-log',
    description: 'The scale on which intervals of 95 % are symmetric',
  })
  interval?: string;

  @ApiPropertyOptional({
    enum: variances,
    default: 'delta',
    description: 'The variance of an incidence; that of survival is Greenwood’s',
  })
  variance?: string;

  @ApiPropertyOptional({ example: '2026-12-31', description: 'Nothing later counts.' })
  cutOff?: string;
}

const read = (estimate: number, standardError: number, lower: number, upper: number) => ({
  estimate,
  standardError,
  lower,
  upper,
});

/** What an answer looks like: ten subjects, of two arms, of whom one arm is shown. */
const example = (kind: CurveKind) => ({
  endpoint: 'DSDTH',
  by: 'arm',
  unit: 'days',
  confidence: 0.95,
  interval: 'log-log',
  variance: kind === 'survival' ? 'Greenwood' : 'delta',
  withoutArm: 0,
  groups: [
    {
      arm: 'A',
      n: 4,
      events: 1,
      competing: 1,
      ...(kind === 'survival' && { median: { time: 700, lower: 200, upper: null } }),
      medianFollowUp: { time: 900, lower: 900, upper: null },
      steps: [
        {
          time: 200,
          atRisk: 4,
          events: 1,
          competing: 0,
          censored: 0,
          ...(kind === 'survival'
            ? read(0.75, 0.216506, 0.12795, 0.960549)
            : read(0.25, 0.216506, 0.008949, 0.665331)),
        },
      ],
      at: [
        {
          time: 365,
          ...(kind === 'survival'
            ? read(0.75, 0.216506, 0.12795, 0.960549)
            : read(0.25, 0.216506, 0.008949, 0.665331)),
          atRisk: 3,
        },
      ],
    },
  ],
  test: {
    name: kind === 'survival' ? 'log-rank' : 'Gray',
    chiSquare: 3.396389,
    degreesOfFreedom: 1,
    p: 0.065339,
  },
});

/** Of 95 %. */
class IntervalAnswer implements Interval {
  @ApiProperty(numberOrNull)
  readonly lower!: number | null;

  @ApiProperty(numberOrNull)
  readonly upper!: number | null;
}

class TimeAnswer extends IntervalAnswer {
  @ApiProperty({ ...numberOrNull, description: 'In days; null where the curve never falls so far' })
  readonly time!: number | null;
}

class StepAnswer extends IntervalAnswer implements Step {
  @ApiProperty({ description: 'In days' })
  readonly time!: number;

  @ApiProperty(count)
  readonly atRisk!: number;

  @ApiProperty(count)
  readonly events!: number;

  @ApiProperty(count)
  readonly competing!: number;

  @ApiProperty(count)
  readonly censored!: number;

  @ApiProperty(probability)
  readonly estimate!: number;

  @ApiProperty(numberOrNull)
  readonly standardError!: number | null;
}

class ReadingAnswer extends IntervalAnswer implements Reading {
  @ApiProperty({ description: 'In days' })
  readonly time!: number;

  @ApiProperty({ ...probability, nullable: true, description: 'Null beyond the last observation' })
  readonly estimate!: number | null;

  @ApiProperty(numberOrNull)
  readonly standardError!: number | null;

  @ApiProperty(count)
  readonly atRisk!: number;
}

class CurveGroupAnswer implements CurveGroup {
  @ApiProperty({ type: String, nullable: true, description: 'Null of the group of all subjects' })
  readonly arm!: string | null;

  @ApiProperty(count)
  readonly n!: number;

  @ApiProperty(count)
  readonly events!: number;

  @ApiProperty(count)
  readonly competing!: number;

  @ApiPropertyOptional({ type: TimeAnswer, description: 'Of survival only' })
  readonly median?: TimeAnswer;

  @ApiProperty({ type: TimeAnswer, description: 'By the reverse Kaplan–Meier estimate' })
  readonly medianFollowUp!: TimeAnswer;

  @ApiProperty({ type: [StepAnswer] })
  readonly steps!: readonly StepAnswer[];

  @ApiProperty({ type: [ReadingAnswer] })
  readonly at!: readonly ReadingAnswer[];
}

class TestAnswer implements TestResult {
  @ApiProperty({ enum: ['log-rank', 'Gray'] })
  readonly name!: TestResult['name'];

  @ApiProperty({ ...numberOrNull, description: 'Null where the data cannot tell' })
  readonly chiSquare!: number | null;

  @ApiProperty(count)
  readonly degreesOfFreedom!: number;

  @ApiProperty({ ...numberOrNull, description: 'Null where the data cannot tell' })
  readonly p!: number | null;
}

/** The curves of an endpoint. */
class EndpointCurvesAnswer implements CurveAnswer {
  @ApiProperty({ example: 'DSDTH' })
  readonly endpoint!: string;

  @ApiProperty({ enum: ['arm'], nullable: true })
  readonly by!: 'arm' | null;

  @ApiProperty({ enum: ['days'] })
  readonly unit!: 'days';

  @ApiProperty({ enum: [0.95] })
  readonly confidence!: 0.95;

  @ApiProperty({ enum: intervals })
  readonly interval!: CurveAnswer['interval'];

  @ApiProperty({ enum: ['Greenwood', ...variances] })
  readonly variance!: CurveAnswer['variance'];

  @ApiProperty({ ...count, description: 'Subjects of no arm, who are in no group' })
  readonly withoutArm!: number;

  @ApiProperty({ type: [CurveGroupAnswer] })
  readonly groups!: readonly CurveGroupAnswer[];

  @ApiProperty({ type: TestAnswer, nullable: true, description: 'Null unless by arm' })
  readonly test!: TestAnswer | null;
}

/** Declares the answer, with an example. */
export const AnswersCurve = (kind: CurveKind) =>
  ApiOkResponse({
    description: 'Estimates are probabilities; null where the data do not tell.',
    type: EndpointCurvesAnswer,
    example: example(kind),
  });
