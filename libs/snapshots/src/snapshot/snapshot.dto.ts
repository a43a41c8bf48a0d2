import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, ApiResponse } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import {
  AnswersAs,
  anyObject,
  bytes,
  count,
  instant,
  integer,
  NotBlank,
  pageOf,
  text,
  withHeaders,
} from '#http';
import { formats } from '#tabular';
import { PlainColumnAnswer } from '../dataset.dto.js';
import type { FileEntry } from './snapshot.js';

export class SnapshotBody {
  @ApiProperty({ example: 'interim-2026-12' })
  @IsString()
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, { message: 'letters, digits, dots and dashes, at most 100' })
  name!: string;

  @ApiProperty({ example: 'Interim analysis for the data monitoring committee' })
  @IsString()
  @NotBlank()
  @MaxLength(1000)
  purpose!: string;

  @ApiPropertyOptional({
    example: '2026-11-30T23:59:59Z',
    description: 'A position of the log, or an instant of recording; without it, as far as the log has come',
    oneOf: [{ type: 'integer', minimum: 0 }, { type: 'string' }],
  })
  @IsOptional()
  asOf?: unknown;
}

/** A snapshot in a list. */
class ListedSnapshotAnswer {
  @ApiProperty({ example: 'snapshot-1' })
  readonly id!: string;

  @ApiProperty({ example: 'interim-2026-12' })
  readonly name!: string;

  @ApiProperty()
  readonly purpose!: string;

  @ApiProperty({ ...integer, description: 'Of the log' })
  readonly position!: number;

  @ApiProperty({ enum: ['making', 'ready'] })
  readonly status!: 'making' | 'ready';

  @ApiProperty(instant)
  readonly requestedAt!: string;

  @ApiProperty({ description: 'A person’s id' })
  readonly requestedBy!: string;
}

class MakingAnswer {
  @ApiProperty({ ...count, description: 'Done' })
  readonly subjects!: number;

  @ApiProperty({ ...count, description: 'To be done' })
  readonly of!: number;
}

class SnapshotFileAnswer implements FileEntry {
  @ApiProperty({ enum: [...formats.map(({ name }) => name), 'odm'] })
  readonly format!: string;

  @ApiProperty({ example: 'text/csv' })
  readonly mediaType!: string;

  @ApiProperty(count)
  readonly bytes!: number;

  @ApiProperty({ description: 'Hexadecimal' })
  readonly sha256!: string;
}

class SnapshotColumnAnswer extends PlainColumnAnswer {
  @ApiPropertyOptional({ description: 'Its OID' })
  readonly codeList?: string;
}

class SnapshotDatasetAnswer {
  @ApiProperty({ example: 'DM' })
  readonly name!: string;

  @ApiProperty()
  readonly label!: string;

  @ApiProperty(count)
  readonly rows!: number;

  @ApiProperty({ type: [SnapshotColumnAnswer] })
  readonly columns!: readonly SnapshotColumnAnswer[];

  @ApiProperty({ type: [SnapshotFileAnswer] })
  readonly files!: readonly SnapshotFileAnswer[];

  @ApiProperty({ description: 'Of the CSV file, hexadecimal' })
  readonly sha256!: string;
}

/** While it is being made it has `progress`; once it is ready, what its manifest says. */
export class SnapshotAnswer extends ListedSnapshotAnswer {
  @ApiPropertyOptional({ type: MakingAnswer, nullable: true, description: 'Null before it has begun' })
  readonly progress?: MakingAnswer | null;

  @ApiPropertyOptional({ ...instant, description: 'When the position was recorded' })
  readonly recordedAt?: string;

  @ApiPropertyOptional({ ...integer, description: 'The latest version by then' })
  readonly definition?: number;

  @ApiPropertyOptional({ description: 'C2SP signed note over the log up to the position' })
  readonly checkpoint?: string;

  @ApiPropertyOptional({ type: [SnapshotDatasetAnswer] })
  readonly datasets?: readonly SnapshotDatasetAnswer[];

  @ApiPropertyOptional({
    type: SnapshotFileAnswer,
    description: 'The clinical data as CDISC ODM; absent from snapshots of an older release',
  })
  readonly odm?: SnapshotFileAnswer;
}

const file = Object.fromEntries(
  formats.map(({ name, mediaType }) => {
    if (name === 'dataset-json') return [mediaType, { ...anyObject, description: 'CDISC Dataset-JSON 1.1' }];
    return [mediaType, name === 'csv' || name === 'ndjson' ? text : bytes];
  }),
);
const tag = withHeaders('ETag');

/** Declares the answers of a file: all of it, a range, or that the caller has it. */
const answersRanges = (content: Parameters<typeof AnswersAs>[0]) =>
  applyDecorators(
    AnswersAs(content, { headers: tag }),
    AnswersAs(content, { status: 206, headers: tag, description: 'The range asked for' }),
    ApiResponse({ status: 304, description: 'As If-None-Match has it' }),
  );
export const AnswersFile = () => answersRanges(file);
export const AnswersOdm = () => answersRanges({ 'application/xml': text });

export const SnapshotPage = pageOf(ListedSnapshotAnswer);
