import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { count, day, instant, integer, pageOf, partialDate } from '#http';
import { ReasonAnswer } from '#study';
import { LockStatusAnswer, LockViewAnswer } from '../lock/lock.dto.js';
import { SubjectKeyAnswer } from '../place.dto.js';
import { SignatureAnswer } from '../signature/signature.dto.js';
import { statuses, type WithdrawalScope, withdrawalScopes } from './subject-state.js';
import type { VisitState, Window } from './visit-state.js';

const version = { ...integer, minimum: 1, description: 'Of the definition that the casebook follows' };

export class EnrolledAnswer extends SubjectKeyAnswer {
  @ApiProperty({ example: 'FR01' })
  readonly site!: string;

  @ApiProperty(day)
  readonly consentDate!: string;

  @ApiProperty(version)
  readonly definition!: number;

  @ApiProperty({ enum: ['enrolled'] })
  readonly status!: 'enrolled';
}

export class AllocatedAnswer extends SubjectKeyAnswer {
  @ApiProperty({ description: 'Whether the subject had an arm before' })
  readonly crossover!: boolean;

  @ApiPropertyOptional({ description: 'Where it is no crossover: the arm' })
  readonly arm?: string;

  @ApiPropertyOptional({ description: 'Of a crossover: the arm before' })
  readonly from?: string;

  @ApiPropertyOptional({ description: 'Of a crossover: the arm now' })
  readonly to?: string;

  @ApiProperty(day)
  readonly date!: string;

  @ApiPropertyOptional({ type: ReasonAnswer })
  readonly reason?: ReasonAnswer;
}

export class SubjectStatusAnswer extends SubjectKeyAnswer {
  @ApiProperty({ enum: statuses })
  readonly status!: (typeof statuses)[number];
}

export class WithdrawnAnswer extends SubjectStatusAnswer {
  @ApiProperty({ enum: withdrawalScopes })
  readonly scope!: WithdrawalScope;
}

const shownStatuses = [...statuses, 'transferred'] as const;

class SubjectHeadAnswer extends SubjectKeyAnswer {
  @ApiProperty({ example: 'FR01' })
  readonly site!: string;

  @ApiProperty({
    enum: shownStatuses,
    description: '`transferred` for a site that the subject has left, which sees the casebook as it was then',
  })
  readonly status!: (typeof shownStatuses)[number];

  @ApiProperty(version)
  readonly definition!: number;

  @ApiProperty(day)
  readonly consentDate!: string;

  @ApiProperty(instant)
  readonly enrolledAt!: string;

  @ApiProperty(count)
  readonly openQueries!: number;
}

const arm = { nullable: true, description: 'Null before allocation, and for whoever is blinded' };

/** A subject in a list. */
class SubjectAnswer extends SubjectHeadAnswer {
  @ApiProperty({ ...arm, type: String, example: 'A' })
  readonly arm!: string | null;
}

class SubjectArmAnswer {
  @ApiProperty({ example: 'A' })
  readonly code!: string;

  @ApiProperty(day)
  readonly date!: string;
}

class WindowAnswer implements Window {
  @ApiProperty(day)
  readonly earliest!: string;

  @ApiProperty(day)
  readonly target!: string;

  @ApiProperty(day)
  readonly latest!: string;
}

const formStatuses = ['empty', 'incomplete', 'complete'] as const;
const verifiedShares = ['none', 'partial', 'complete'] as const;
const retired = { enum: [true], description: 'The definition that is followed plans it no more' };

class FormStatusAnswer extends LockStatusAnswer {
  @ApiProperty({ example: 'DM' })
  readonly form!: string;

  @ApiProperty()
  readonly label!: string;

  @ApiProperty({ enum: formStatuses })
  readonly status!: (typeof formStatuses)[number];

  @ApiProperty({ enum: verifiedShares, description: 'How much of it agrees with its source' })
  readonly verified!: (typeof verifiedShares)[number];

  @ApiProperty(count)
  readonly openQueries!: number;

  @ApiPropertyOptional(retired)
  readonly retired?: true;
}

const visitStates: readonly VisitState[] = ['entered', 'expected', 'due', 'overdue', 'missed', 'closed'];

class VisitAnswer extends LockStatusAnswer {
  @ApiProperty({ example: 'FU~3' })
  readonly visit!: string;

  @ApiProperty()
  readonly label!: string;

  @ApiProperty({
    type: WindowAnswer,
    nullable: true,
    description: 'Null without a planned day, or before what it counts from',
  })
  readonly window!: WindowAnswer | null;

  @ApiProperty({ enum: visitStates, nullable: true, description: 'Null where nobody waits for the visit' })
  readonly state!: VisitState | null;

  @ApiPropertyOptional(retired)
  readonly retired?: true;

  @ApiProperty({ type: [FormStatusAnswer] })
  readonly forms!: readonly FormStatusAnswer[];
}

class CrossoverAnswer {
  @ApiProperty({ description: 'The arm' })
  readonly to!: string;

  @ApiProperty(day)
  readonly date!: string;
}

class WithdrawalAnswer {
  @ApiProperty(day)
  readonly date!: string;

  @ApiProperty({ enum: withdrawalScopes })
  readonly scope!: WithdrawalScope;
}

class TransferredAnswer {
  @ApiProperty({ example: 'DE01', description: 'The site' })
  readonly to!: string;

  @ApiProperty(day)
  readonly date!: string;
}

/** A casebook’s summary. */
export class CasebookAnswer extends IntersectionType(SubjectHeadAnswer, LockStatusAnswer) {
  @ApiPropertyOptional(partialDate)
  readonly screenFailedOn?: string;

  @ApiPropertyOptional({ type: WithdrawalAnswer })
  readonly withdrawal?: WithdrawalAnswer;

  @ApiPropertyOptional(partialDate)
  readonly completedOn?: string;

  @ApiPropertyOptional({ type: TransferredAnswer, description: 'To whom, seen from the site that was left' })
  readonly transferred?: TransferredAnswer;

  @ApiProperty({ ...arm, type: SubjectArmAnswer })
  readonly arm!: SubjectArmAnswer | null;

  @ApiProperty({ type: [CrossoverAnswer], description: 'None for whoever is blinded' })
  readonly crossovers!: readonly CrossoverAnswer[];

  @ApiProperty({ type: [VisitAnswer] })
  readonly visits!: readonly VisitAnswer[];

  @ApiProperty({ type: [SignatureAnswer] })
  readonly signatures!: readonly SignatureAnswer[];

  @ApiProperty({ type: [LockViewAnswer] })
  readonly locks!: readonly LockViewAnswer[];
}

export const SubjectPage = pageOf(SubjectAnswer);
