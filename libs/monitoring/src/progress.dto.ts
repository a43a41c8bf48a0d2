import { ApiOkResponse, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { count, instant, integer } from '#http';
import type { EnrolmentPlan } from '#study';
import type { Enrolment, EnrolmentMonth } from './enrolment.js';
import type { Ages, QueryAges } from './query-ages.js';

const days = { type: Number, nullable: true, description: 'Null where there are none' };
const month = { example: '2026-03' };
const planned = { type: Number, nullable: true, description: 'By the plan; null where it does not say' };

class EnrolmentPlanAnswer implements EnrolmentPlan {
  @ApiProperty(count)
  readonly target!: number;

  @ApiPropertyOptional({ ...count, description: 'In which they are enrolled, evenly' })
  readonly months?: number;

  @ApiPropertyOptional({ ...count, description: 'At each site' })
  readonly perSite?: number;
}

class EnrolmentMonthAnswer implements EnrolmentMonth {
  @ApiProperty(month)
  readonly month!: string;

  @ApiProperty(count)
  readonly enrolled!: number;

  @ApiProperty({ ...count, description: 'To the end of the month' })
  readonly cumulative!: number;

  @ApiProperty({ ...planned, description: 'Cumulative, by the plan; null where it does not say' })
  readonly planned!: number | null;
}

class SiteEnrolmentAnswer {
  @ApiProperty({ example: 'FR01' })
  readonly site!: string;

  @ApiProperty(count)
  readonly enrolled!: number;

  @ApiProperty(planned)
  readonly planned!: number | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: count,
    description: 'By month; those without any are left out',
  })
  readonly months!: Readonly<Record<string, number>>;
}

class EnrolmentAnswer implements Enrolment {
  @ApiProperty(count)
  readonly total!: number;

  @ApiProperty({ type: EnrolmentPlanAnswer, nullable: true, description: 'Null where there is none' })
  readonly plan!: EnrolmentPlanAnswer | null;

  @ApiProperty({ type: [EnrolmentMonthAnswer] })
  readonly months!: readonly EnrolmentMonthAnswer[];

  @ApiProperty({ type: [SiteEnrolmentAnswer] })
  readonly sites!: readonly SiteEnrolmentAnswer[];
}

class FormCountsAnswer {
  @ApiProperty(count)
  readonly expected!: number;

  @ApiProperty(count)
  readonly entered!: number;

  @ApiProperty(count)
  readonly complete!: number;
}

class SiteFormCountsAnswer extends FormCountsAnswer {
  @ApiProperty({ example: 'FR01' })
  readonly site!: string;
}

class CompletenessAnswer extends FormCountsAnswer {
  @ApiProperty({ type: [SiteFormCountsAnswer] })
  readonly sites!: readonly SiteFormCountsAnswer[];
}

class VisitCountsAnswer {
  @ApiProperty(count)
  readonly overdue!: number;

  @ApiProperty(count)
  readonly missed!: number;
}

class SiteVisitCountsAnswer extends VisitCountsAnswer {
  @ApiProperty({ example: 'FR01' })
  readonly site!: string;
}

class LateVisitsAnswer extends VisitCountsAnswer {
  @ApiProperty({ type: [SiteVisitCountsAnswer] })
  readonly sites!: readonly SiteVisitCountsAnswer[];
}

class AgesAnswer implements Ages {
  @ApiProperty(count)
  readonly count!: number;

  @ApiProperty(days)
  readonly medianDays!: number | null;

  @ApiProperty(days)
  readonly p95Days!: number | null;

  @ApiProperty({ ...count, description: 'At most 7 days old' })
  readonly upTo7!: number;

  @ApiProperty({ ...count, description: '8 to 30 days old' })
  readonly upTo30!: number;

  @ApiProperty({ ...count, description: 'Older than 30 days' })
  readonly over30!: number;
}

class AgesByTurnAnswer {
  @ApiProperty({ type: AgesAnswer, description: 'Of queries that wait for a site' })
  readonly open!: AgesAnswer;

  @ApiProperty({ type: AgesAnswer, description: 'Of queries that wait for whoever oversees' })
  readonly answered!: AgesAnswer;
}

class SiteAgesAnswer extends AgesByTurnAnswer {
  @ApiProperty({ example: 'FR01' })
  readonly site!: string;
}

class QueryAgesAnswer extends AgesByTurnAnswer implements QueryAges {
  @ApiProperty({ type: [SiteAgesAnswer] })
  readonly sites!: readonly SiteAgesAnswer[];
}

class ProgressAnswer {
  @ApiProperty({ ...integer, description: 'Of the log' })
  readonly position!: number;

  @ApiProperty({ ...instant, description: 'When it is told of' })
  readonly at!: string;

  @ApiProperty({ type: EnrolmentAnswer })
  readonly enrolment!: EnrolmentAnswer;

  @ApiProperty({ type: CompletenessAnswer, description: 'Of forms' })
  readonly completeness!: CompletenessAnswer;

  @ApiProperty({ type: LateVisitsAnswer })
  readonly visits!: LateVisitsAnswer;

  @ApiProperty({ type: QueryAgesAnswer })
  readonly queries!: QueryAgesAnswer;
}

const ages = { count: 3, medianDays: 9, p95Days: 41.5, upTo7: 1, upTo30: 1, over30: 1 };
const none = { count: 0, medianDays: null, p95Days: null, upTo7: 0, upTo30: 0, over30: 0 };
const forms = { expected: 210, entered: 190, complete: 180 };
const late = { overdue: 2, missed: 1 };

/** Declares the answer, with an example. */
export const AnswersProgress = () =>
  ApiOkResponse({
    description:
      'Forms are expected where anything of their visit is entered, or the visit is late. A late visit is missed where a later one is entered, and else overdue. `planned` is cumulative, and null where the plan does not say; months of a site without any subject are left out. Ages are in days since the query was raised: at most 7, 8 to 30, over 30.',
    type: ProgressAnswer,
    example: {
      position: 120,
      at: '2026-03-31T12:00:00.000Z',
      enrolment: {
        total: 9,
        plan: { target: 300, months: 36 },
        months: [{ month: '2026-03', enrolled: 9, cumulative: 9, planned: 8.3 }],
        sites: [{ site: 'FR01', enrolled: 9, planned: null, months: { '2026-03': 9 } }],
      },
      completeness: { ...forms, sites: [{ site: 'FR01', ...forms }] },
      visits: { ...late, sites: [{ site: 'FR01', ...late }] },
      queries: { open: ages, answered: none, sites: [{ site: 'FR01', open: ages, answered: none }] },
    },
  });
