import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { LockReasonBody } from '#study';

/** An item, within a form that is named already. */
export class LockItemBody extends LockReasonBody {
  @ApiPropertyOptional({ example: 'I.DM.WEIGHT' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  item?: string;

  @ApiPropertyOptional({ description: 'With rowKey, where the item is one of a repeated row' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  group?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(36)
  rowKey?: string;
}

/** What is frozen or locked: the whole casebook, unless it names a visit, a form of it, or an item of that. */
export class LockBody extends LockItemBody {
  @ApiPropertyOptional({ example: 'V_SCR' })
  @IsOptional()
  @IsString()
  @MaxLength(70)
  visit?: string;

  @ApiPropertyOptional({ example: 'DM' })
  @IsOptional()
  @IsString()
  @MaxLength(70)
  form?: string;
}
