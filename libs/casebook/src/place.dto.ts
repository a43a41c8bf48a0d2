import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { FormAddress } from './address.js';

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

export class FormAddressAnswer implements FormAddress {
  @ApiProperty({ example: 'FU~3', description: 'A visit’s key, with its repeat from the second on' })
  readonly visit!: string;

  @ApiProperty({ example: 'AE~2', description: 'A form’s key, likewise' })
  readonly form!: string;
}

export class PlacedItemAnswer extends FormAddressAnswer {
  @ApiProperty({ example: 'I.DM.WEIGHT' })
  readonly item!: string;

  @ApiPropertyOptional({ description: 'Of an item of a row: its repeating group' })
  readonly group?: string;

  @ApiPropertyOptional({ description: 'Of an item of a row: the row’s key' })
  readonly rowKey?: string;
}

/** What is named last is meant; naming nothing, the whole casebook. */
export class PlaceAnswer extends PartialType(PlacedItemAnswer) {}

export class SubjectKeyAnswer {
  @ApiProperty({ example: 'FR01-0007' })
  readonly subjectKey!: string;
}
