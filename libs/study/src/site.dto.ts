import { ApiProperty, ApiPropertyOptional, PartialType, PickType } from '@nestjs/swagger';
import { IsBoolean, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { NotBlank, pageOf } from '#http';
import type { Site } from './site.js';

export class OpenSiteBody {
  @ApiProperty({ example: 'FR01', description: 'Begins the subject keys of the site' })
  @Matches(/^[A-Za-z0-9_.]{1,20}$/, { message: 'A code of 1 to 20 letters, digits, dots or underscores' })
  site!: string;

  @ApiProperty({ example: 'Hôpital Beaujon, Clichy' })
  @IsString()
  @NotBlank()
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
  @NotBlank()
  @MaxLength(200)
  name?: string;

  @ApiPropertyOptional({ description: 'Whether subjects may be enrolled' })
  @IsOptional()
  @IsBoolean()
  open?: boolean;
}

/** A participating centre. */
export class OpenedSiteAnswer implements Site {
  @ApiProperty({ example: 'FR01' })
  readonly site!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty({ example: 'FR', description: 'ISO 3166-1 alpha-2' })
  readonly country!: string;

  @ApiProperty({ description: 'Whether subjects may be enrolled' })
  readonly open!: boolean;
}

class SiteAnswer extends OpenedSiteAnswer {
  @ApiProperty({ description: 'Whether the whole site is frozen' })
  readonly frozen!: boolean;

  @ApiProperty({ description: 'Whether the whole site is locked' })
  readonly locked!: boolean;
}

/** What was changed of a site. */
export class ChangedSiteAnswer extends PartialType(PickType(OpenedSiteAnswer, ['name', 'open'])) {
  @ApiProperty({ example: 'FR01' })
  readonly site!: string;
}

export const SitePage = pageOf(SiteAnswer);
