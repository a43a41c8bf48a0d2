import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { roles } from '#access';
import { count, day, instant, pageOf } from '#http';
import { ReasonAnswer } from '#study';
import { FormAddressAnswer, PlaceAnswer } from '../place.dto.js';
import type { QueryCorrection } from './query-corrections.js';
import { type CountGroup, countGroups, type QueryCount } from './query-count.projection.js';
import type { QueryOwner } from './query-due.js';
import { queryOrigins, queryOwners, queryStatuses } from './query-filter.js';
import type { QueryMessage, QueryStatus } from './query-state.js';

const id = { example: 'FR01-0001-Q1' };
const who = 'A person’s id, or a part of the system';
const byName = 'Of a person';

export class QueryStatusAnswer {
  @ApiProperty(id)
  readonly query!: string;

  @ApiProperty({ enum: queryStatuses })
  readonly status!: QueryStatus;
}

export class QueryRaisedAnswer extends QueryStatusAnswer {
  @ApiProperty({ example: 'FR01-0001' })
  readonly subjectKey!: string;
}

export class QueryCommentAnswer {
  @ApiProperty(id)
  readonly query!: string;

  @ApiProperty({ enum: ['QueryCommented'] })
  readonly type!: 'QueryCommented';

  @ApiProperty({ description: who })
  readonly by!: string;

  @ApiProperty(instant)
  readonly at!: string;

  @ApiProperty()
  readonly text!: string;
}

const messageTypes: readonly QueryMessage['type'][] = [
  'QueryRaised',
  'QueryAnswered',
  'QueryClosed',
  'QueryReopened',
  'QueryCancelled',
  'QueryCommented',
];

class QueryMessageAnswer implements QueryMessage {
  @ApiProperty({ enum: messageTypes })
  readonly type!: QueryMessage['type'];

  @ApiProperty({ description: who })
  readonly by!: string;

  @ApiPropertyOptional({ description: byName })
  readonly byName?: string;

  @ApiPropertyOptional({ enum: roles, description: byName })
  readonly role?: string;

  @ApiProperty(instant)
  readonly at!: string;

  @ApiProperty()
  readonly text!: string;
}

/** A query with its thread. */
class QueryAnswer extends PlaceAnswer {
  @ApiProperty(id)
  readonly query!: string;

  @ApiProperty({ example: 'FR01-0001' })
  readonly subjectKey!: string;

  @ApiProperty({ example: 'FR01' })
  readonly site!: string;

  @ApiProperty({ type: [String], description: 'All that it is about; `item` is the first' })
  readonly items!: readonly string[];

  @ApiProperty()
  readonly text!: string;

  @ApiProperty({ enum: queryStatuses })
  readonly status!: QueryStatus;

  @ApiProperty({ enum: queryOrigins, description: 'Who raised it' })
  readonly origin!: (typeof queryOrigins)[number];

  @ApiPropertyOptional({ description: 'The edit check that raised it' })
  readonly check?: string;

  @ApiProperty({
    enum: queryOwners,
    nullable: true,
    description: 'Whose turn it is; null once it is settled',
  })
  readonly owner!: QueryOwner | null;

  @ApiProperty({ ...count, description: 'Since it was raised' })
  readonly ageDays!: number;

  @ApiProperty({ ...count, nullable: true, description: 'Since its owner has it; null once it is settled' })
  readonly ownedDays!: number | null;

  @ApiProperty({ ...day, nullable: true, description: 'The last day in time; null where none is set' })
  readonly due!: string | null;

  @ApiProperty()
  readonly overdue!: boolean;

  @ApiProperty(instant)
  readonly raisedAt!: string;

  @ApiProperty({ ...instant, description: 'When it came to the status that it has' })
  readonly changedAt!: string;

  @ApiProperty({ type: [QueryMessageAnswer], description: 'The oldest first' })
  readonly messages!: readonly QueryMessageAnswer[];
}

class CorrectedItemAnswer {
  @ApiProperty({ example: 'I.DM.WEIGHT' })
  readonly item!: string;

  @ApiPropertyOptional()
  readonly group?: string;

  @ApiPropertyOptional()
  readonly rowKey?: string;
}

class QueryCorrectionAnswer extends FormAddressAnswer implements QueryCorrection {
  @ApiProperty(count)
  readonly position!: number;

  @ApiProperty(instant)
  readonly at!: string;

  @ApiProperty({ description: who })
  readonly by!: string;

  @ApiPropertyOptional({ description: byName })
  readonly byName?: string;

  @ApiProperty({ type: ReasonAnswer, nullable: true, description: 'Null of a first entry' })
  readonly reason!: ReasonAnswer | null;

  @ApiProperty({ type: [CorrectedItemAnswer] })
  readonly items!: readonly CorrectedItemAnswer[];
}

export class OneQueryAnswer extends QueryAnswer {
  @ApiProperty({ type: [QueryCorrectionAnswer], description: 'What was entered because of it' })
  readonly corrections!: readonly QueryCorrectionAnswer[];
}

class QueryCountAnswer implements QueryCount {
  @ApiProperty({ type: String, nullable: true, description: 'Null for queries on no item, or of people' })
  readonly key!: string | null;

  @ApiProperty(count)
  readonly open!: number;

  @ApiProperty(count)
  readonly answered!: number;

  @ApiProperty(count)
  readonly closed!: number;

  @ApiProperty(count)
  readonly cancelled!: number;

  @ApiProperty(count)
  readonly total!: number;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Of those open or answered, since they were raised; null where there is none',
  })
  readonly medianAgeDays!: number | null;
}

export class QueryCountsAnswer {
  @ApiProperty({ enum: countGroups })
  readonly by!: CountGroup;

  @ApiProperty({ type: [QueryCountAnswer] })
  readonly items!: readonly QueryCountAnswer[];
}

export const QueryPage = pageOf(QueryAnswer);
