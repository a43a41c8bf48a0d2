import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { ByName, count, instant, integer } from '#http';
import { cell, cells } from '../dataset.dto.js';
import type { Publication } from '../study-reader.projection.js';
import type { DifferenceCount } from './comparison-stream.js';

class ComparedSnapshotAnswer {
  @ApiProperty({ example: 'snapshot-1' })
  readonly id!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty({ ...integer, description: 'Of the log' })
  readonly position!: number;
}

class PublishedBetweenAnswer implements Publication {
  @ApiProperty(count)
  readonly position!: number;

  @ApiProperty(instant)
  readonly at!: string;

  @ApiProperty({ description: 'A person’s id, or a part of the system' })
  readonly by!: string;

  @ApiProperty({ description: 'Of the event' })
  readonly type!: string;
}

/** As the dataset AUDIT tells of an act; where it does not, only where it stands. */
class ActAnswer {
  @ApiProperty(count)
  readonly position!: number;

  @ApiPropertyOptional(cell)
  readonly at?: unknown;

  @ApiPropertyOptional(cell)
  readonly by?: unknown;

  @ApiPropertyOptional(cell)
  readonly role?: unknown;

  @ApiPropertyOptional(cell)
  readonly type?: unknown;

  @ApiPropertyOptional({ ...cell, description: 'Its code' })
  readonly reason?: unknown;
}

class CellChangeAnswer {
  @ApiProperty(cell)
  readonly old!: unknown;

  @ApiProperty(cell)
  readonly new!: unknown;
}

export class RowDifferenceAnswer {
  @ApiProperty({ example: 'DM' })
  readonly dataset!: string;

  @ApiProperty({ description: 'Of the row' })
  readonly key!: string;

  @ApiProperty({ enum: ['added', 'changed', 'removed'] })
  readonly op!: string;

  @ApiPropertyOptional({ ...cells, description: 'Of a row that was added or removed' })
  readonly row?: object;

  @ByName(CellChangeAnswer, { optional: true, description: 'Of a row that changed, by column' })
  readonly cells?: Record<string, CellChangeAnswer>;

  @ApiProperty({ type: [ActAnswer], description: 'That made it another' })
  readonly events!: readonly ActAnswer[];
}

class DifferenceCountAnswer implements DifferenceCount {
  @ApiProperty({ description: 'Of the dataset' })
  readonly name!: string;

  @ApiProperty(count)
  readonly added!: number;

  @ApiProperty(count)
  readonly changed!: number;

  @ApiProperty(count)
  readonly removed!: number;
}

export class ComparisonHeadAnswer {
  @ApiProperty({ type: ComparedSnapshotAnswer })
  readonly from!: ComparedSnapshotAnswer;

  @ApiProperty({ type: ComparedSnapshotAnswer })
  readonly to!: ComparedSnapshotAnswer;

  @ApiProperty({ type: [PublishedBetweenAnswer], description: 'Versions published between them' })
  readonly definitions!: readonly PublishedBetweenAnswer[];
}

export class DifferenceCountsAnswer {
  @ApiProperty({ type: [DifferenceCountAnswer], description: 'Those that differ' })
  readonly datasets!: readonly DifferenceCountAnswer[];
}

export class ComparisonAnswer extends IntersectionType(ComparisonHeadAnswer, DifferenceCountsAnswer) {
  @ApiProperty({ type: [RowDifferenceAnswer] })
  readonly rows!: readonly RowDifferenceAnswer[];
}
