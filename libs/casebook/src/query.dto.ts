import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { queryOrigins, queryOwners, queryStatuses } from './query-filter.js';

export class QueryTextBody {
  @ApiProperty({ example: 'Confirmed against the source.' })
  @IsString()
  @Matches(/\S/, { message: 'A text that is not blank' })
  @MaxLength(2000)
  text!: string;
}

/** What is named last is what the query is about; naming nothing, it is about the whole casebook. */
export class RaiseQueryBody extends QueryTextBody {
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

  @ApiPropertyOptional({ example: 'I.DM.WEIGHT' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  item?: string;

  @ApiPropertyOptional({ example: 'IG.IM.TL', description: 'The repeating group in which the item stands' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  group?: string;

  @ApiPropertyOptional({ example: '1', description: 'The row, for an item of a repeating group' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  rowKey?: string;
}

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
