import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { LockMarkAnswer, LockReasonBody } from '#study';
import { PlaceAnswer, PlaceBody, SubjectKeyAnswer } from '../place.dto.js';
import type { LockView } from './lock.view.js';
import type { LockLevel } from './lock-state.js';

const lockLevels: readonly LockLevel[] = ['subject', 'visit', 'form', 'item'];

/** What is frozen or locked, and why. */
export class LockBody extends IntersectionType(PlaceBody, LockReasonBody) {}

class CasebookLockMarkAnswer extends IntersectionType(SubjectKeyAnswer, PlaceAnswer, LockMarkAnswer) {
  @ApiProperty({ enum: lockLevels })
  readonly level!: LockLevel;
}

export class FreezeAnswer extends CasebookLockMarkAnswer {
  @ApiProperty({ description: 'Whether it is frozen now' })
  readonly frozen!: boolean;
}

export class LockAnswer extends CasebookLockMarkAnswer {
  @ApiProperty({ description: 'Whether it is locked now' })
  readonly locked!: boolean;
}

/** One freeze or lock over a place or within it. */
export class LockViewAnswer extends IntersectionType(PlaceAnswer, LockMarkAnswer) implements LockView {
  @ApiProperty({ enum: ['frozen', 'locked'] })
  readonly kind!: LockView['kind'];

  @ApiProperty({ enum: ['study', 'site', ...lockLevels] })
  readonly level!: LockView['level'];

  @ApiPropertyOptional({ example: 'FR01' })
  readonly site?: string;
}

/** Whether a place is frozen or locked, itself or with what it is a part of. */
export class LockStatusAnswer {
  @ApiProperty()
  readonly frozen!: boolean;

  @ApiProperty()
  readonly locked!: boolean;
}
