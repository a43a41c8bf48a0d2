import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { NotBlank } from '#http';
import { PlaceBody } from '../place.dto.js';
import { queryOrigins, queryOwners, queryStatuses } from './query-filter.js';

export class QueryTextBody {
  @ApiProperty({ example: 'Confirmed against the source.' })
  @IsString()
  @NotBlank()
  @MaxLength(2000)
  text!: string;
}

/** A question, and what it is about. */
export class RaiseQueryBody extends IntersectionType(PlaceBody, QueryTextBody) {}

/** The filters of the list of queries, all of which must hold. */
export class QueryFilterQuery {
  @ApiPropertyOptional({ enum: queryStatuses })
  status?: string;

  @ApiPropertyOptional({ example: 'FR01' })
  site?: string;

  @ApiPropertyOptional({ example: 'FR01-0007' })
  subject?: string;

  @ApiPropertyOptional({ example: 'V_M06', description: 'A visit’s key' })
  visit?: string;

  @ApiPropertyOptional({ example: 'LB', description: 'A form’s key' })
  form?: string;

  @ApiPropertyOptional({ example: 'I.LB.CGA', description: 'One of the items that the query is about' })
  item?: string;

  @ApiPropertyOptional({ example: 'range', description: 'The edit check that raised it' })
  check?: string;

  @ApiPropertyOptional({ enum: queryOrigins, description: 'Who raised it' })
  origin?: string;

  @ApiPropertyOptional({ enum: queryOwners, description: 'Whose turn it is' })
  owner?: string;

  @ApiPropertyOptional({ enum: ['true', 'false'], description: 'Whether its owner is late' })
  overdue?: string;

  @ApiPropertyOptional({ example: '14', description: 'Raised at least so many days ago' })
  age?: string;
}
