import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, MaxLength, Min } from 'class-validator';
import { count, integer, textOrNull } from '#http';
import { DefinitionChangeAnswer, PublishedAnswer } from '#study';
import { RaisedQueryAnswer } from '../form/form-answer.dto.js';
import { FormAddressAnswer, PlacedItemAnswer, SubjectKeyAnswer } from '../place.dto.js';
import type { AdoptionReport, KeptValue } from './adoption-report.js';

export class AdoptDefinitionBody {
  @ApiProperty({ example: 2, description: 'The version to follow: newer than the one that is followed' })
  @IsInt()
  @Min(1)
  definition!: number;
}

export class AdoptDefinitionsBody extends AdoptDefinitionBody {
  @ApiPropertyOptional({ example: 'FR01', description: 'Only the casebooks of this site' })
  @IsOptional()
  @IsString()
  @MaxLength(20)
  site?: string;
}

class BehindAnswer {
  @ApiProperty(count)
  readonly count!: number;

  @ApiProperty({ type: [String] })
  readonly subjects!: readonly string[];
}

export class NextVersionAnswer extends PublishedAnswer {
  @ApiProperty({ type: [DefinitionChangeAnswer] })
  readonly changes!: readonly DefinitionChangeAnswer[];

  @ApiProperty({ type: BehindAnswer, description: 'Casebooks that follow an earlier version' })
  readonly needMigration!: BehindAnswer;
}

class KeptValueAnswer extends PlacedItemAnswer implements KeptValue {
  @ApiProperty({
    type: String,
    example: 'not-in-code-list',
    description:
      '`retired`: the item is there no more; `sealed`, `not-sealed`: it identifies no more, or now',
  })
  readonly why!: KeptValue['why'];

  @ApiProperty({ description: 'For people' })
  readonly text!: string;
}

class DerivedItemAnswer extends FormAddressAnswer {
  @ApiProperty()
  readonly item!: string;
}

class AdoptionRaisedAnswer extends RaisedQueryAnswer {
  @ApiPropertyOptional({ description: 'Of an item of a row: the row’s key' })
  readonly rowKey?: string;
}

class AdoptionQueriesAnswer {
  @ApiProperty({ type: [AdoptionRaisedAnswer] })
  readonly raised!: readonly AdoptionRaisedAnswer[];

  @ApiProperty({ type: [String], description: 'Their ids' })
  readonly closed!: readonly string[];
}

class AdoptionReportAnswer extends SubjectKeyAnswer implements AdoptionReport {
  @ApiProperty({ ...integer, description: 'The version that was followed' })
  readonly from!: number;

  @ApiProperty({ ...integer, description: 'The version that is adopted' })
  readonly to!: number;

  @ApiProperty({ type: [KeptValueAnswer], description: 'What does not fit, and stays as it was entered' })
  readonly kept!: readonly KeptValueAnswer[];

  @ApiProperty({ type: [DerivedItemAnswer], description: 'Items that are computed anew' })
  readonly derived!: readonly DerivedItemAnswer[];

  @ApiProperty({ type: AdoptionQueriesAnswer })
  readonly queries!: AdoptionQueriesAnswer;
}

const dryRun = { description: 'Whether nothing was stored' };
const definition = { ...integer, minimum: 1, description: 'The version that is adopted' };

export class AdoptionAnswer extends AdoptionReportAnswer {
  @ApiProperty(dryRun)
  readonly dryRun!: boolean;

  @ApiProperty(definition)
  readonly definition!: number;
}

class QueryCountsMovedAnswer {
  @ApiProperty(count)
  readonly raised!: number;

  @ApiProperty(count)
  readonly closed!: number;
}

export class AdoptionsAnswer {
  @ApiProperty(dryRun)
  readonly dryRun!: boolean;

  @ApiProperty(definition)
  readonly definition!: number;

  @ApiProperty({ ...textOrNull, description: 'Null for all sites' })
  readonly site!: string | null;

  @ApiProperty({ ...count, description: 'Casebooks' })
  readonly adopted!: number;

  @ApiProperty({ ...count, description: 'Casebooks that followed it, or a newer one' })
  readonly already!: number;

  @ApiProperty({ type: [String], description: 'Casebooks left out, since they are frozen or locked' })
  readonly locked!: readonly string[];

  @ApiProperty({ ...count, description: 'Values that do not fit' })
  readonly kept!: number;

  @ApiProperty({ type: QueryCountsMovedAnswer })
  readonly queries!: QueryCountsMovedAnswer;

  @ApiProperty({ type: [AdoptionReportAnswer] })
  readonly subjects!: readonly AdoptionReportAnswer[];
}
