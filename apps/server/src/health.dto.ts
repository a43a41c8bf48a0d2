import { ApiProperty } from '@nestjs/swagger';

export class LiveAnswer {
  @ApiProperty({ enum: ['ok'] })
  readonly status!: string;
}

export class ReadyAnswer {
  @ApiProperty({ enum: ['ok', 'unreachable'], description: 'Of the database' })
  readonly status!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', enum: ['ok', 'failing'] },
    description: 'By follower of the log',
  })
  readonly followers!: Record<string, string>;
}
