import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { instant } from '#http';
import type { LockMark, LockReason } from './lock.js';

/** Why data are frozen or locked, or why that is lifted. */
export class LockReasonBody {
  @ApiPropertyOptional({
    description: 'Required for lifting',
    oneOf: [
      { type: 'string' },
      {
        type: 'object',
        required: ['code'],
        properties: { code: { type: 'string' }, text: { type: 'string' } },
      },
    ],
    example: { code: 'data-cleaned', text: 'All queries are closed' },
  })
  @IsOptional()
  reason?: unknown;
}

export class ReasonAnswer implements LockReason {
  @ApiProperty({ example: 'data-cleaned' })
  readonly code!: string;

  @ApiProperty({ description: 'Empty where none was given' })
  readonly text!: string;
}

/** Who froze or locked data, or lifted that, when and why. */
export class LockMarkAnswer implements LockMark {
  @ApiProperty({ description: 'A person’s id' })
  readonly by!: string;

  @ApiProperty(instant)
  readonly at!: string;

  @ApiPropertyOptional({ type: ReasonAnswer })
  readonly reason?: ReasonAnswer;
}

class StudyPlaceAnswer extends LockMarkAnswer {
  @ApiProperty({ example: 'SINET' })
  readonly study!: string;

  @ApiProperty({ enum: ['study', 'site'] })
  readonly level!: 'study' | 'site';

  @ApiPropertyOptional({ example: 'FR01' })
  readonly site?: string;
}

export class StudyFreezeAnswer extends StudyPlaceAnswer {
  @ApiProperty({ description: 'Whether it is frozen now' })
  readonly frozen!: boolean;
}

export class StudyLockAnswer extends StudyPlaceAnswer {
  @ApiProperty({ description: 'Whether it is locked now' })
  readonly locked!: boolean;
}
