import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';

export class FormAddressBody {
  @ApiProperty({ example: 'V_SCR' })
  @IsString()
  @MaxLength(70)
  visit!: string;

  @ApiProperty({ example: 'DM' })
  @IsString()
  @MaxLength(70)
  form!: string;
}

export class PlacedItemBody extends FormAddressBody {
  @ApiProperty({ example: 'I.DM.WEIGHT' })
  @IsString()
  @MaxLength(64)
  item!: string;

  @ApiPropertyOptional({ description: 'Of an item of a row: its repeating group' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  group?: string;

  @ApiPropertyOptional({ description: 'Of an item of a row: the row’s key' })
  @IsOptional()
  @IsString()
  @MaxLength(36)
  rowKey?: string;
}

/** What is named last is meant: a visit, a form of it, an item of that; naming nothing, the whole casebook. */
export class PlaceBody extends PartialType(PlacedItemBody) {}
