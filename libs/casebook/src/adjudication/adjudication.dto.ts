import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';

export class RecordOpinionBody {
  @ApiProperty({ example: 'SINET', description: 'A code of the list that the packet gives as causes' })
  @IsString()
  @MaxLength(64)
  cause!: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  comment?: string;
}
