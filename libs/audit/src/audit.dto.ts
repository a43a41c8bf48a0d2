import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { masks } from '#casebook';
import { AnswersAs, anyValue, count, instant, pageOf, text, textOrNull } from '#http';
import { missingCodes } from '#values';
import type { AuditLine } from './line.js';

const where = { ...textOrNull, description: 'Null where the event is of none' };
const missing = { enum: missingCodes, nullable: true, description: 'Why there is no value' };

/** The filters of the audit trail, all of which must hold. */
export class AuditQuery {
  @ApiPropertyOptional({ example: 'FR01-0007' })
  subject?: string;

  @ApiPropertyOptional({ example: 'FR01' })
  site?: string;

  @ApiPropertyOptional({ description: 'A person’s id, or the name of a part of the system: `edit check`' })
  user?: string;

  @ApiPropertyOptional({ example: 'ItemsCorrected', description: 'Type of the event' })
  type?: string;

  @ApiPropertyOptional({ example: 'V_M06', description: 'A visit’s key' })
  visit?: string;

  @ApiPropertyOptional({ example: 'LB', description: 'A form’s key' })
  form?: string;

  @ApiPropertyOptional({ example: 'I.LB.CGA' })
  item?: string;

  @ApiPropertyOptional({
    example: '2026-01-01T00:00:00Z',
    description: 'From this position, or this instant of recording, on',
  })
  from?: string;

  @ApiPropertyOptional({
    example: '2026-02-01T00:00:00Z',
    description: 'Before this position, or this instant of recording',
  })
  to?: string;
}

/** A line of the audit trail. */
export class AuditLineAnswer implements AuditLine {
  @ApiProperty(count)
  readonly position!: number;

  @ApiProperty({ ...count, description: 'Place within the event; what may not be seen leaves a gap' })
  readonly line!: number;

  @ApiProperty(instant)
  readonly recordedAt!: string;

  @ApiProperty({ ...textOrNull, description: 'A person’s id; null where the system acted' })
  readonly user!: string | null;

  @ApiProperty(textOrNull)
  readonly userName!: string | null;

  @ApiProperty(textOrNull)
  readonly role!: string | null;

  @ApiProperty({ ...textOrNull, description: 'The part of the system; null where a person acted' })
  readonly system!: string | null;

  @ApiProperty({ example: 'ItemsCorrected', description: 'Of the event' })
  readonly type!: string;

  @ApiProperty(where)
  readonly subjectKey!: string | null;

  @ApiProperty(where)
  readonly site!: string | null;

  @ApiProperty(where)
  readonly visit!: string | null;

  @ApiProperty(where)
  readonly form!: string | null;

  @ApiProperty(where)
  readonly item!: string | null;

  @ApiProperty({ ...textOrNull, description: 'Of an item of a row: its repeating group' })
  readonly group!: string | null;

  @ApiProperty({ ...textOrNull, description: 'Of an item of a row: the row’s key' })
  readonly row!: string | null;

  @ApiProperty(anyValue)
  readonly oldValue!: unknown;

  @ApiProperty(missing)
  readonly oldMissing!: string | null;

  @ApiProperty(anyValue)
  readonly newValue!: unknown;

  @ApiProperty(missing)
  readonly newMissing!: string | null;

  @ApiProperty({ enum: masks, nullable: true, description: 'Why values are not shown' })
  readonly masked!: AuditLine['masked'];

  @ApiProperty(textOrNull)
  readonly reasonCode!: string | null;

  @ApiProperty(textOrNull)
  readonly reason!: string | null;

  @ApiProperty({ description: 'All of it in words' })
  readonly text!: string;
}

/** The answers of an audit trail: pages of JSON, or all lines. */
export const AnswersTrail = () =>
  AnswersAs({
    'application/json': pageOf(AuditLineAnswer),
    'application/x-ndjson': [AuditLineAnswer],
    'text/csv': text,
  });
