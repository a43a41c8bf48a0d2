import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { instant, Nested } from '#http';
import { HeldAnswer } from '../form/form-answer.dto.js';
import { FormAddressAnswer, SubjectKeyAnswer } from '../place.dto.js';
import { ReasonBody } from '../subject/subject.dto.js';
import type { IdentityItem } from './identity.js';

export class EraseIdentityBody {
  @ApiProperty({ type: ReasonBody })
  @Nested(() => ReasonBody)
  reason!: ReasonBody;
}

export class ErasedAnswer extends SubjectKeyAnswer {
  @ApiProperty(instant)
  readonly erasedAt!: string;
}

class IdentityItemAnswer extends IntersectionType(FormAddressAnswer, HeldAnswer) implements IdentityItem {
  @ApiProperty({ example: 'I.DM.NAME' })
  readonly item!: string;

  @ApiPropertyOptional({ description: 'Of an item of a row: its repeating group' })
  readonly group?: string;

  @ApiPropertyOptional({ description: 'Of an item of a row: the row’s key' })
  readonly row?: string;

  @ApiProperty()
  readonly label!: string;

  @ApiProperty(instant)
  readonly enteredAt!: string;
}

export class IdentityAnswer extends SubjectKeyAnswer {
  @ApiProperty({ example: 'SINET' })
  readonly study!: string;

  @ApiProperty({ example: 'FR01' })
  readonly site!: string;

  @ApiProperty({ ...instant, nullable: true, description: 'Null unless the identity was erased' })
  readonly erasedAt!: string | null;

  @ApiProperty({ type: [IdentityItemAnswer] })
  readonly items!: readonly IdentityItemAnswer[];
}
