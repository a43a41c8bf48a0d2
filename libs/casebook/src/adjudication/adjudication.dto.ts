import { ApiProperty, ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { count, day, instant, integer, pageOf, partialDate, textOrNull } from '#http';
import { HeldAnswer } from '../form/form-answer.dto.js';
import { FormAddressAnswer, SubjectKeyAnswer } from '../place.dto.js';
import type { AdjudicationStatus } from './adjudication-state.js';

export class RecordOpinionBody {
  @ApiProperty({ example: 'SINET', description: 'A code of the list that the packet gives as causes' })
  @IsString()
  @MaxLength(64)
  cause!: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  comment?: string;
}

export const adjudicationStatuses = [
  'pending',
  'disagreement',
  'adjudicated',
] as const satisfies AdjudicationStatus[];
type Status = (typeof adjudicationStatuses)[number];

class DeathAnswer extends SubjectKeyAnswer {
  @ApiProperty({ enum: adjudicationStatuses, description: '`disagreement`: a third opinion decides' })
  readonly status!: Status;

  @ApiProperty({ ...partialDate, description: 'Date of death, as recorded' })
  readonly died!: string;

  @ApiProperty({ ...count, description: 'How many were recorded' })
  readonly opinions!: number;
}

/** A death in a list. */
class ListedDeathAnswer extends DeathAnswer {
  @ApiProperty({ description: 'Whether one of the opinions is the caller’s' })
  readonly own!: boolean;
}

class OpinionAnswer {
  @ApiProperty()
  readonly cause!: string;

  @ApiProperty(textOrNull)
  readonly comment!: string | null;

  @ApiProperty(instant)
  readonly at!: string;
}

class CauseAnswer {
  @ApiProperty({ example: 'SINET' })
  readonly code!: string;

  @ApiProperty()
  readonly label!: string;
}

class PacketItemAnswer extends PickType(HeldAnswer, ['value', 'missing']) {
  @ApiProperty({ example: 'I.AE.AETERM' })
  readonly item!: string;

  @ApiProperty()
  readonly label!: string;

  @ApiPropertyOptional()
  readonly unit?: string;
}

class PacketRowAnswer {
  @ApiProperty()
  readonly group!: string;

  @ApiProperty()
  readonly rowKey!: string;

  @ApiProperty({ type: [PacketItemAnswer] })
  readonly items!: readonly PacketItemAnswer[];
}

class PacketFormAnswer extends FormAddressAnswer {
  @ApiProperty()
  readonly visitLabel!: string;

  @ApiProperty()
  readonly formLabel!: string;

  @ApiProperty({ type: [PacketItemAnswer] })
  readonly items!: readonly PacketItemAnswer[];

  @ApiProperty({ type: [PacketRowAnswer] })
  readonly rows!: readonly PacketRowAnswer[];
}

/** What the committee is shown of a death. */
export class PacketAnswer extends DeathAnswer {
  @ApiProperty(day)
  readonly consentDate!: string;

  @ApiProperty({ type: OpinionAnswer, nullable: true, description: 'The caller’s' })
  readonly own!: OpinionAnswer | null;

  @ApiProperty({ ...textOrNull, description: 'Once it is adjudicated' })
  readonly cause!: string | null;

  @ApiProperty({ type: [CauseAnswer], description: 'Of which an opinion names one' })
  readonly causes!: readonly CauseAnswer[];

  @ApiProperty({ type: [PacketFormAnswer] })
  readonly forms!: readonly PacketFormAnswer[];
}

export class OpinionRecordedAnswer extends SubjectKeyAnswer {
  @ApiProperty({ ...integer, minimum: 1, maximum: 3, description: 'Which one it is' })
  readonly opinion!: number;

  @ApiProperty({ enum: adjudicationStatuses })
  readonly status!: Status;

  @ApiProperty({ ...textOrNull, description: 'Once it is adjudicated' })
  readonly cause!: string | null;
}

export const AdjudicationPage = pageOf(ListedDeathAnswer);
