import { ApiProperty } from '@nestjs/swagger';
import { pageOf } from '#http';
import { SubjectKeyAnswer } from '../place.dto.js';

class AlikeSubjectAnswer extends SubjectKeyAnswer {
  @ApiProperty({ example: 'FR01' })
  readonly site!: string;
}

/** Two subjects who may be one person. */
class DuplicateAnswer {
  @ApiProperty({ type: [AlikeSubjectAnswer], minItems: 2, maxItems: 2 })
  readonly subjects!: readonly AlikeSubjectAnswer[];

  @ApiProperty({ type: [String], description: 'In which they are alike' })
  readonly items!: readonly string[];
}

export const DuplicatePage = pageOf(DuplicateAnswer);
