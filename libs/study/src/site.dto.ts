import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';

export class OpenSiteBody {
  @ApiProperty({ example: 'FR01', description: 'Begins the subject keys of the site' })
  @Matches(/^[A-Za-z0-9_.]{1,20}$/, { message: 'A code of 1 to 20 letters, digits, dots or underscores' })
  site!: string;

  @ApiProperty({ example: 'Hôpital Beaujon, Clichy' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  name!: string;

  @ApiProperty({ example: 'FR', description: 'ISO 3166-1 alpha-2' })
  @Matches(/^[A-Z]{2}$/, { message: 'A country code of two capital letters' })
  country!: string;
}

export class ChangeSiteBody {
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  name?: string;

  @ApiPropertyOptional({ description: 'Whether subjects may be enrolled' })
  @IsOptional()
  @IsBoolean()
  open?: boolean;
}
