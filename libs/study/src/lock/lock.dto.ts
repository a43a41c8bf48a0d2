import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { AsSent } from '#http';

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
  @AsSent()
  reason?: unknown;
}
