import { ApiPropertyOptional } from '@nestjs/swagger';

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
