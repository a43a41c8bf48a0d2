import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';

export class SnapshotBody {
  @ApiProperty({ example: 'interim-2026-12' })
  @IsString()
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, { message: 'letters, digits, dots and dashes, at most 100' })
  name!: string;

  @ApiProperty({ example: 'Interim analysis for the data monitoring committee' })
  @IsString()
  @MinLength(1)
  @MaxLength(1000)
  purpose!: string;

  @ApiPropertyOptional({
    example: '2026-11-30T23:59:59Z',
    description: 'A position of the log, or an instant of recording; without it, as far as the log has come',
    oneOf: [{ type: 'integer', minimum: 0 }, { type: 'string' }],
  })
  @IsOptional()
  asOf?: unknown;
}
