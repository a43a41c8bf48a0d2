import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { Nested } from '#http';
import { type WithdrawalScope, withdrawalScopes } from './subject-state.js';

/** Why something entered changes. */
export class ReasonBody {
  @ApiProperty({ example: 'transcription-error', description: 'A code of the sponsor’s own list' })
  @Matches(/^[A-Za-z0-9_.-]{1,40}$/, {
    message: 'A code of 1 to 40 letters, digits, dots, hyphens, underscores',
  })
  code!: string;

  @ApiPropertyOptional({ type: String, example: 'Misread from the source document' })
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  text = '';
}

export class EnrolSubjectBody {
  @ApiProperty({ example: 'FR01' })
  @IsString()
  @MaxLength(20)
  site!: string;

  @ApiProperty({
    example: '2026-01-15',
    description: 'When consent was given, or non-opposition established',
  })
  @IsString()
  consentDate!: string;
}

export class AllocateArmBody {
  @ApiProperty({ example: 'A' })
  @IsString()
  @MaxLength(64)
  arm!: string;

  @ApiProperty({ example: '2026-01-20' })
  @IsString()
  date!: string;

  @ApiPropertyOptional({ type: ReasonBody, description: 'Required for a crossover' })
  @IsOptional()
  @Nested(() => ReasonBody)
  reason?: ReasonBody;
}

export class FailScreeningBody {
  @ApiProperty({ example: '2026-02-01' })
  @IsString()
  date!: string;

  @ApiProperty({ type: ReasonBody })
  @Nested(() => ReasonBody)
  reason!: ReasonBody;
}

export class WithdrawSubjectBody extends FailScreeningBody {
  @ApiPropertyOptional({
    enum: withdrawalScopes,
    default: 'data',
    description:
      'What ends: `visits` (data may still be taken from records), `data` (no new form either), `all` (no contact any more either)',
  })
  @IsOptional()
  @IsIn(withdrawalScopes)
  scope?: WithdrawalScope;
}

export class CompleteSubjectBody {
  @ApiProperty({ example: '2031-02-01' })
  @IsString()
  date!: string;
}

export class ReinstateSubjectBody {
  @ApiProperty({ type: ReasonBody })
  @Nested(() => ReasonBody)
  reason!: ReasonBody;

  @ApiPropertyOptional({
    example: '2026-03-01',
    description: 'When the subject consented anew; required after a withdrawal of scope `all`',
  })
  @IsOptional()
  @IsString()
  consentDate?: string;
}
