import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { day, Nested } from '#http';
import { SubjectKeyAnswer } from '../place.dto.js';
import { ReasonBody } from '../subject/subject.dto.js';

export class TransferSubjectBody {
  @ApiProperty({ example: 'DE01', description: 'The site that takes the subject over' })
  @IsString()
  @MaxLength(20)
  site!: string;

  @ApiPropertyOptional({ example: '2026-02-01', description: 'Today unless said' })
  @IsOptional()
  @IsString()
  date?: string;

  @ApiProperty({ type: ReasonBody })
  @Nested(() => ReasonBody)
  reason!: ReasonBody;
}

export class TransferAnswer extends SubjectKeyAnswer {
  @ApiProperty({ example: 'FR01', description: 'The site that handed the subject over' })
  readonly from!: string;

  @ApiProperty({ example: 'DE01', description: 'The site that took the subject over' })
  readonly to!: string;

  @ApiProperty(day)
  readonly date!: string;
}
