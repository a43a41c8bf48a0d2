import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsBoolean, IsOptional, IsString, MaxLength } from 'class-validator';
import { integer, problemRef } from '#http';
import { FormBody } from '../form/form.dto.js';
import { QueriesMovedAnswer } from '../form/form-answer.dto.js';
import { FormAddressBody } from '../place.dto.js';

/** A form in a batch: as it is sent to the form's own address, with that address. */
export class PlacedFormBody extends IntersectionType(FormBody, FormAddressBody) {
  @ApiPropertyOptional({
    description: 'As PUT has it (the default): what is not named is emptied; false: as PATCH',
  })
  @IsOptional()
  @IsBoolean()
  whole?: boolean;

  @ApiPropertyOptional({
    example: '#c1',
    description: 'The ETag of the state that was seen, or # and the id of the command before that made it',
  })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  ifMatch?: string;
}

class BatchResultAnswer {
  @ApiProperty({ example: 'c1', description: 'Of the command' })
  readonly id!: string;

  @ApiProperty({ ...integer, description: 'Of the answer that the call itself would have had' })
  readonly status!: number;

  @ApiPropertyOptional({ ...integer, description: 'Of its last event' })
  readonly position?: number;

  @ApiPropertyOptional({ enum: [true], description: 'The first answer again' })
  readonly replayed?: true;

  @ApiPropertyOptional({ example: 'FR01-0007' })
  readonly subjectKey?: string;

  @ApiPropertyOptional({ example: 'FR01-0007-Q1' })
  readonly query?: string;

  @ApiPropertyOptional({ description: 'Of a form: for If-Match' })
  readonly etag?: string;

  @ApiPropertyOptional({ type: QueriesMovedAnswer, description: 'Of a form that was entered' })
  readonly queries?: QueriesMovedAnswer;

  @ApiPropertyOptional({ allOf: [problemRef], description: 'Why it was refused' })
  readonly problem?: object;
}

export class BatchAnswer {
  @ApiProperty({ type: [BatchResultAnswer], description: 'One a command, in their order' })
  readonly results!: readonly BatchResultAnswer[];
}
