import { ApiProperty, ApiPropertyOptional, IntersectionType, OmitType } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsInt, IsOptional, IsString, Min } from 'class-validator';
import { count, integer, Nested, NestedList, pageOf } from '#http';
import {
  FormAddressAnswer,
  FormAddressBody,
  PlacedItemAnswer,
  PlacedItemBody,
  SubjectKeyAnswer,
} from '../place.dto.js';
import { ReasonBody } from '../subject/subject.dto.js';
import type { SiteProgress } from './verification.projection.js';

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

class VerifiedItemAnswer extends PlacedItemAnswer {
  @ApiProperty({ ...integer, minimum: 1, description: 'That was verified' })
  readonly version!: number;
}

export class VerifiedAnswer extends SubjectKeyAnswer {
  @ApiProperty({ type: [VerifiedItemAnswer], description: 'Those that were not verified before' })
  readonly verified!: readonly VerifiedItemAnswer[];
}

export class WithdrawnVerificationAnswer extends SubjectKeyAnswer {
  @ApiProperty({ type: [PlacedItemAnswer] })
  readonly withdrawn!: readonly PlacedItemAnswer[];
}

class PendingItemAnswer extends OmitType(PlacedItemAnswer, ['visit', 'form']) {}

class PendingFormAnswer extends IntersectionType(SubjectKeyAnswer, FormAddressAnswer) {
  @ApiProperty({ example: 'FR01' })
  readonly site!: string;

  @ApiProperty({ ...count, description: 'Items that the plan has verified, of those entered' })
  readonly planned!: number;

  @ApiProperty(count)
  readonly verified!: number;

  @ApiProperty(count)
  readonly pending!: number;

  @ApiProperty({ type: [PendingItemAnswer], description: 'Those that are pending' })
  readonly items!: readonly PendingItemAnswer[];
}

class SiteVerificationAnswer implements SiteProgress {
  @ApiProperty({ example: 'FR01' })
  readonly site!: string;

  @ApiProperty({ ...count, description: 'Forms with items that the plan has verified' })
  readonly forms!: number;

  @ApiProperty({ ...count, description: 'Items that the plan has verified, of those entered' })
  readonly planned!: number;

  @ApiProperty(count)
  readonly verified!: number;

  @ApiProperty(count)
  readonly pending!: number;
}

export const PendingPage = pageOf(PendingFormAnswer);
export const VerificationProgressPage = pageOf(SiteVerificationAnswer);
