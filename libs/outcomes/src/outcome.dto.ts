import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { AnswersAs, count, day, integer, pageOf, text, textOrNull } from '#http';
import type { Outcome } from './outcome.js';
import type { Origin } from './outcome-course.js';

class OriginAnswer implements Origin {
  @ApiProperty({ example: 'FU~3' })
  readonly visit!: string;

  @ApiProperty({ example: 'DS' })
  readonly form!: string;

  @ApiProperty({ example: 'I.DS.DTHDAT' })
  readonly item!: string;

  @ApiPropertyOptional({ description: 'Of an item of a row: its repeating group' })
  readonly group?: string;

  @ApiPropertyOptional({ description: 'Of an item of a row: the row’s key' })
  readonly row?: string;

  @ApiProperty({ ...count, description: 'Of the entry, in the log' })
  readonly position!: number;
}

/** A subject’s outcome for an endpoint. */
class OutcomeAnswer {
  @ApiProperty({ example: 'FR01-0007' })
  readonly subjectKey!: string;

  @ApiProperty({ ...textOrNull, description: 'Null before allocation, and for whoever is blinded' })
  readonly arm!: string | null;

  @ApiProperty({ example: 'DSDTH' })
  readonly endpoint!: string;

  @ApiProperty({ example: 'FR01' })
  readonly site!: string;

  @ApiProperty(day)
  readonly start!: string;

  @ApiProperty(day)
  readonly end!: string;

  @ApiProperty({ ...integer, description: 'From start to end' })
  readonly days!: number;

  @ApiProperty({ type: 'integer', enum: [0, 1, 2], description: '0 censored, 1 event, 2 competing event' })
  readonly event!: Outcome['event'];

  @ApiProperty({ description: 'What happened' })
  readonly description!: string;

  @ApiProperty({ description: 'ADaM’s AVAL: in months of 30.4375 days, the first day counted' })
  readonly aval!: number;

  @ApiProperty({
    type: 'integer',
    enum: [0, 1, 2],
    description: 'ADaM’s CNSR: 0 event, 1 censored, 2 competing',
  })
  readonly cnsr!: number;

  @ApiProperty({ enum: ['D', 'M'], nullable: true, description: 'ADaM’s ADTF: what of `end` was imputed' })
  readonly adtf!: Outcome['imputed'];

  @ApiProperty({ ...textOrNull, description: 'The form of `endSource`' })
  readonly srcDom!: string | null;

  @ApiProperty({ ...textOrNull, description: 'The item of `endSource`' })
  readonly srcVar!: string | null;

  @ApiProperty({ ...count, nullable: true, description: 'The position of `endSource`' })
  readonly srcSeq!: number | null;

  @ApiProperty({ type: OriginAnswer, description: 'Where `start` stands in the casebook' })
  readonly startSource!: OriginAnswer;

  @ApiProperty({ type: OriginAnswer, nullable: true, description: 'Where `end` does; null where nowhere' })
  readonly endSource!: OriginAnswer | null;
}

export const AnswersOutcomes = () =>
  AnswersAs({
    'application/json': pageOf(OutcomeAnswer),
    'application/x-ndjson': [OutcomeAnswer],
    'text/csv': text,
  });
