import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { AuditLineAnswer } from '#audit';
import { count, instant, textOrNull } from '#http';

/** What happened at a position of the log. */
export class ChangeAnswer {
  @ApiProperty(count)
  readonly position!: number;

  @ApiPropertyOptional({ ...instant, description: 'Where anything is for the caller' })
  readonly recordedAt?: string;

  @ApiPropertyOptional({ example: 'ItemsCorrected', description: 'Of the event, likewise' })
  readonly type?: string;

  @ApiPropertyOptional({ ...textOrNull, description: 'Null where it is about no subject' })
  readonly subjectKey?: string | null;

  @ApiProperty({ type: [AuditLineAnswer], description: 'Empty where nothing is for the caller' })
  readonly lines!: readonly AuditLineAnswer[];
}
