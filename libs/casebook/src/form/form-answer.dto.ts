import { ApiProperty, ApiPropertyOptional, IntersectionType, OmitType, PartialType } from '@nestjs/swagger';
import { anyValue, ByName, count, instant, integer } from '#http';
import { ReasonAnswer } from '#study';
import { missingCodes } from '#values';
import { LockStatusAnswer, LockViewAnswer } from '../lock/lock.dto.js';
import { FormAddressAnswer, PlacedItemAnswer, SubjectKeyAnswer } from '../place.dto.js';
import { SignatureAnswer } from '../signature/signature.dto.js';
import type { FormView, ItemView, Terms } from './view.js';

type Mask = NonNullable<ItemView['masked']>;
/** Why a value is not shown. */
export const masks: readonly Mask[] = ['identifying', 'blinded', 'erased'];
const who = 'A person’s id, or a part of the system';

/** What an item holds: a value, or null and why there is none. */
export class HeldAnswer implements Pick<ItemView, 'value' | 'missing' | 'masked'> {
  @ApiProperty({ ...anyValue, description: 'As the definition has it; null where there is none' })
  readonly value!: unknown;

  @ApiProperty({ enum: missingCodes, nullable: true, description: 'Why there is none' })
  readonly missing!: string | null;

  @ApiPropertyOptional({ enum: masks, description: 'Why what is there is not shown' })
  readonly masked?: Mask;
}

class TermsAnswer implements Terms {
  @ApiProperty({ ...integer, description: 'The version of the definition that it was entered with' })
  readonly definition!: number;

  @ApiProperty({ description: 'By that version' })
  readonly label!: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Labels of the codes of its value, by that version',
  })
  readonly codes?: Record<string, string>;
}

class EnteredAnswer extends HeldAnswer {
  @ApiProperty({ ...integer, minimum: 1, description: 'Counts what the item held, one after the other' })
  readonly version!: number;

  @ApiProperty({ description: who })
  readonly enteredBy!: string;

  @ApiProperty(instant)
  readonly enteredAt!: string;
}

export class ItemAnswer
  extends IntersectionType(EnteredAnswer, PartialType(TermsAnswer))
  implements ItemView
{
  @ApiProperty({ description: 'Whether the value was found to be what its source says' })
  readonly verified!: boolean;

  @ApiPropertyOptional({ description: 'A person’s id' })
  readonly verifiedBy?: string;

  @ApiPropertyOptional(instant)
  readonly verifiedAt?: string;

  @ApiProperty(count)
  readonly openQueries!: number;

  @ApiPropertyOptional({ enum: [true], description: 'The definition has the item no more, or not here' })
  readonly retired?: true;
}

class RowAnswer {
  @ApiProperty()
  readonly rowKey!: string;

  @ByName(ItemAnswer, { description: 'By their OIDs' })
  readonly items!: Record<string, ItemAnswer>;
}

export class FormAnswer
  extends IntersectionType(SubjectKeyAnswer, FormAddressAnswer, LockStatusAnswer)
  implements FormView
{
  @ApiProperty({ description: 'Whether it was declared so' })
  readonly complete!: boolean;

  @ApiPropertyOptional({ enum: [true], description: 'The definition plans the form no more' })
  readonly retired?: true;

  @ByName(ItemAnswer, { description: 'Outside repeating groups, by their OIDs' })
  readonly items!: Record<string, ItemAnswer>;

  @ByName(RowAnswer, { list: true, description: 'By repeating group' })
  readonly rows!: Record<string, RowAnswer[]>;

  @ApiProperty({ ...integer, description: 'The version that the casebook follows' })
  readonly definition!: number;

  @ApiProperty({ type: [SignatureAnswer], description: 'Those that cover the form' })
  readonly signatures!: readonly SignatureAnswer[];

  @ApiProperty({ type: [LockViewAnswer] })
  readonly locks!: readonly LockViewAnswer[];
}

/** A query that an edit check raised. */
export class RaisedQueryAnswer extends PartialType(OmitType(PlacedItemAnswer, ['rowKey'])) {
  @ApiProperty({ example: 'FR01-0001-Q1' })
  readonly query!: string;

  @ApiPropertyOptional({ type: [String], description: 'All that it is about; `item` is the first' })
  readonly items?: readonly string[];

  @ApiPropertyOptional({ description: 'The edit check that raised it' })
  readonly check?: string;

  @ApiProperty()
  readonly text!: string;
}

class EntryRaisedAnswer extends RaisedQueryAnswer {
  @ApiPropertyOptional({ description: 'Of an item of a row: the row’s key' })
  readonly row?: string;
}

export class QueriesMovedAnswer {
  @ApiProperty({ type: [EntryRaisedAnswer] })
  readonly raised!: readonly EntryRaisedAnswer[];

  @ApiProperty({ type: [String], description: 'Their ids' })
  readonly closed!: readonly string[];
}

export class FormEnteredAnswer extends IntersectionType(SubjectKeyAnswer, FormAddressAnswer) {
  @ApiProperty({ type: QueriesMovedAnswer })
  readonly queries!: QueriesMovedAnswer;
}

class HistoryEntryAnswer extends IntersectionType(EnteredAnswer, TermsAnswer) {
  @ApiProperty({ example: 'I.DM.WEIGHT' })
  readonly item!: string;

  @ApiPropertyOptional({ description: 'Of an item of a row: its repeating group' })
  readonly group?: string;

  @ApiPropertyOptional({ description: 'Of an item of a row: the row’s key' })
  readonly rowKey?: string;

  @ApiProperty({ type: ReasonAnswer, nullable: true, description: 'Null of a first entry' })
  readonly reason!: ReasonAnswer | null;

  @ApiPropertyOptional({ description: 'Because of which it was entered' })
  readonly query?: string;

  @ApiProperty(count)
  readonly position!: number;
}

export class FormHistoryAnswer {
  @ApiProperty({ type: [HistoryEntryAnswer], description: 'In the order in which they were recorded' })
  readonly items!: readonly HistoryEntryAnswer[];
}
