import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  MaxLength,
  Min,
} from 'class-validator';
import { Nested, NestedList } from '#http';
import { ReasonBody } from './subject.dto.js';

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

export class VerifiedItemBody extends PlacedItemBody {
  @ApiPropertyOptional({ description: 'The version that was seen; 409 where the item has another by now' })
  @IsOptional()
  @IsInt()
  @Min(1)
  version?: number;
}

export class VerifyItemsBody {
  @ApiPropertyOptional({ type: [VerifiedItemBody] })
  @NestedList(() => VerifiedItemBody, 1000)
  items: VerifiedItemBody[] = [];

  @ApiPropertyOptional({ type: [FormAddressBody], description: 'Everything that is entered in these forms' })
  @NestedList(() => FormAddressBody, 1000)
  forms: FormAddressBody[] = [];

  @ApiPropertyOptional({
    type: [String],
    example: ['V_SCR'],
    description: 'Everything that is entered in these visits',
  })
  @IsArray()
  @ArrayMaxSize(1000)
  @IsString({ each: true })
  visits: string[] = [];
}

export class WithdrawVerificationBody {
  @ApiProperty({ type: [PlacedItemBody] })
  @NestedList(() => PlacedItemBody, 1000)
  @ArrayMinSize(1)
  items!: PlacedItemBody[];

  @ApiProperty({ type: ReasonBody })
  @Nested(() => ReasonBody)
  reason!: ReasonBody;
}
