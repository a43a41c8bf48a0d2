import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { integer } from '#http';
import type { Column, ColumnType, Table } from '#tabular';
import type { ChangesHead } from './dataset-stream.js';

export const cell = {
  oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }],
  nullable: true,
};
const columnTypes: readonly ColumnType[] = ['string', 'integer', 'decimal', 'boolean', 'date', 'datetime'];
/** A row. */
export const cells = { type: 'object' as const, additionalProperties: cell };

class CodeAnswer {
  @ApiProperty()
  readonly code!: string;

  @ApiProperty()
  readonly label!: string;
}

class CodeListAnswer {
  @ApiProperty()
  readonly oid!: string;

  @ApiProperty({ type: [CodeAnswer] })
  readonly codes!: readonly CodeAnswer[];
}

export class PlainColumnAnswer {
  @ApiProperty()
  readonly name!: string;

  @ApiProperty()
  readonly label!: string;

  @ApiProperty({ enum: columnTypes })
  readonly type!: ColumnType;

  @ApiPropertyOptional()
  readonly unit?: string;
}

class ColumnAnswer extends PlainColumnAnswer implements Column {
  @ApiPropertyOptional({ description: 'Of the item' })
  readonly oid?: string;

  @ApiPropertyOptional({ type: CodeListAnswer })
  readonly codeList?: CodeListAnswer;

  @ApiPropertyOptional({ ...integer, description: 'Of a text: the most bytes of UTF-8' })
  readonly length?: number;
}

class TableAnswer implements Table {
  @ApiProperty({ example: 'DM' })
  readonly name!: string;

  @ApiProperty()
  readonly label!: string;

  @ApiPropertyOptional()
  readonly oid?: string;

  @ApiProperty({ type: [ColumnAnswer] })
  readonly columns!: readonly ColumnAnswer[];
}

export class DatasetsAnswer {
  @ApiProperty({ ...integer, description: 'As of which these are the columns' })
  readonly position!: number;

  @ApiProperty({ type: [TableAnswer] })
  readonly items!: readonly TableAnswer[];
}

class UpsertAnswer {
  @ApiProperty({ description: 'Of the row' })
  readonly key!: string;

  @ApiProperty({ ...cells, description: 'By the names of their columns' })
  readonly row!: object;
}

export class ChangesHeadAnswer implements ChangesHead {
  @ApiProperty({ example: 'DM' })
  readonly dataset!: string;

  @ApiProperty({ ...integer, description: '-1 for the state before the first position' })
  readonly after!: number;

  @ApiProperty({ ...integer, description: 'The state that the changes lead to' })
  readonly position!: number;

  @ApiProperty({ type: [ColumnAnswer] })
  readonly columns!: readonly ColumnAnswer[];
}

export class UpsertLineAnswer extends UpsertAnswer {
  @ApiProperty({ enum: ['upsert'] })
  readonly op!: 'upsert';
}

export class DeleteLineAnswer {
  @ApiProperty({ enum: ['delete'] })
  readonly op!: 'delete';

  @ApiProperty({ description: 'Of the row' })
  readonly key!: string;
}

export class DatasetChangesAnswer extends ChangesHeadAnswer {
  @ApiProperty({ type: [UpsertAnswer] })
  readonly upserts!: readonly UpsertAnswer[];

  @ApiProperty({ type: [String], description: 'Keys of rows' })
  readonly deletes!: readonly string[];
}
