import { ApiProperty } from '@nestjs/swagger';
import { integer } from '#http';

export class ProblemAnswer {
  @ApiProperty({ example: '/problems/stale' })
  readonly type!: string;

  @ApiProperty({ ...integer, description: 'Of the answers that have it' })
  readonly status!: number;

  @ApiProperty()
  readonly title!: string;

  @ApiProperty()
  readonly meaning!: string;
}

export class ProblemsAnswer {
  @ApiProperty({ type: [ProblemAnswer] })
  readonly items!: readonly ProblemAnswer[];
}
