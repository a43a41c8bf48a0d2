import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { anyValue, count, instant, integer, pageOf } from '#http';
import type { Unsupported } from '#odm';
import type { Coded } from './definition/definition.js';
import type { DefinitionChange } from './definition/diff.js';
import type { Verdict } from './definition/diff-rules.js';

const version = { ...integer, minimum: 1, description: 'Of the definition' };

/** A study in a list. */
class ListedStudyAnswer {
  @ApiProperty({ example: 'SINET' })
  readonly study!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty(version)
  readonly version!: number;
}

class ArmAnswer implements Coded {
  @ApiProperty({ example: 'A' })
  readonly code!: string;

  @ApiProperty()
  readonly label!: string;
}

export class StudyAnswer extends ListedStudyAnswer {
  @ApiProperty({ description: 'The same as `study`' })
  readonly oid!: string;

  @ApiProperty()
  readonly description!: string;

  @ApiProperty({ type: [ArmAnswer] })
  readonly arms!: readonly ArmAnswer[];

  @ApiProperty({ description: 'Whether the whole study is frozen' })
  readonly frozen!: boolean;

  @ApiProperty({ description: 'Whether the whole study is locked' })
  readonly locked!: boolean;
}

/** What of an ODM document is not carried. */
export class UnsupportedAnswer implements Unsupported {
  @ApiProperty({ description: 'XPath of the first one' })
  readonly path!: string;

  @ApiProperty({ description: 'An element’s name, or `@` and an attribute’s' })
  readonly element!: string;

  @ApiProperty()
  readonly reason!: string;

  @ApiPropertyOptional({ ...integer, description: 'Where the first one stands in the document' })
  readonly line?: number;

  @ApiPropertyOptional(integer)
  readonly column?: number;

  @ApiProperty(count)
  readonly count!: number;
}

export class PublishedAnswer {
  @ApiProperty({ example: 'SINET' })
  readonly study!: string;

  @ApiProperty(version)
  readonly version!: number;

  @ApiPropertyOptional({ type: [UnsupportedAnswer], description: 'Of an ODM document' })
  readonly unsupported?: readonly UnsupportedAnswer[];
}

class PublicationAnswer {
  @ApiProperty(version)
  readonly version!: number;

  @ApiProperty(instant)
  readonly publishedAt!: string;
}

const verdicts: readonly Verdict[] = ['safe', 'needs-mapping', 'loses-data'];

export class DefinitionChangeAnswer implements DefinitionChange {
  @ApiProperty({ example: '/items/I.DM.SEX/label', description: 'By names, whatever the order' })
  readonly path!: string;

  @ApiProperty({ description: 'Of the element; a code, for a code' })
  readonly oid!: string;

  @ApiProperty({ example: 'relabelled' })
  readonly kind!: string;

  @ApiProperty({ enum: verdicts, description: 'What it means for data that are entered' })
  readonly verdict!: Verdict;

  @ApiProperty({ description: 'For people' })
  readonly text!: string;

  @ApiPropertyOptional(anyValue)
  readonly from?: unknown;

  @ApiPropertyOptional(anyValue)
  readonly to?: unknown;
}

export class DefinitionDiffAnswer {
  @ApiProperty(version)
  readonly from!: number;

  @ApiProperty(version)
  readonly to!: number;

  @ApiProperty({ type: [DefinitionChangeAnswer] })
  readonly changes!: readonly DefinitionChangeAnswer[];
}

export const StudyPage = pageOf(ListedStudyAnswer);
export const PublicationPage = pageOf(PublicationAnswer);
