import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, MaxLength, Min } from 'class-validator';

export class AdoptDefinitionBody {
  @ApiProperty({ example: 2, description: 'The version to follow: newer than the one that is followed' })
  @IsInt()
  @Min(1)
  definition!: number;
}

export class AdoptDefinitionsBody extends AdoptDefinitionBody {
  @ApiPropertyOptional({ example: 'FR01', description: 'Only the casebooks of this site' })
  @IsOptional()
  @IsString()
  @MaxLength(20)
  site?: string;
}
