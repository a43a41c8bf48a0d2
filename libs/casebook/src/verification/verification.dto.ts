import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsInt, IsOptional, IsString, Min } from 'class-validator';
import { Nested, NestedList } from '#http';
import { FormAddressBody, PlacedItemBody } from '../place.dto.js';
import { ReasonBody } from '../subject/subject.dto.js';

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
