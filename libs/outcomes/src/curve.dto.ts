import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { AskedCurve } from './curve-query.js';

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
    enum: ['log-log', 'log', 'plain'],
    default: 'log-log',
    description: 'The scale on which intervals of 95 % are symmetric',
  })
  interval?: string;

  @ApiPropertyOptional({
    enum: ['delta', 'infinitesimal-jackknife'],
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
const example = (kind: 'survival' | 'incidence') => ({
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

/** The answer's schema for the reference of the API. */
export const curveAnswer = (kind: 'survival' | 'incidence') => ({
  description: 'Estimates are probabilities; null where the data do not tell.',
  content: { 'application/json': { schema: { type: 'object' as const }, example: example(kind) } },
});
