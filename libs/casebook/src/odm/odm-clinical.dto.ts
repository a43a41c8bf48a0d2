import { ApiProperty } from '@nestjs/swagger';
import { count, problemRef, textOrNull } from '#http';
import { UnsupportedAnswer } from '#study';

const refusal = {
  allOf: [
    {
      type: 'object',
      required: ['what'],
      properties: { what: { type: 'string' } },
      additionalProperties: true,
    },
    problemRef,
  ],
};

class ImportedSubjectAnswer {
  @ApiProperty({ description: 'In the document' })
  readonly odmKey!: string;

  @ApiProperty({ ...textOrNull, description: 'Here; null where it could not be enrolled' })
  readonly subjectKey!: string | null;

  @ApiProperty({ ...count, description: 'Acts: enrolment, allocation, forms, queries' })
  readonly entered!: number;

  @ApiProperty({ ...count, description: 'Acts' })
  readonly refused!: number;

  @ApiProperty({ type: 'array', items: refusal, description: 'The first of them: what was refused, and why' })
  readonly refusals!: readonly object[];
}

export class ClinicalImportAnswer {
  @ApiProperty({ type: [ImportedSubjectAnswer] })
  readonly subjects!: readonly ImportedSubjectAnswer[];

  @ApiProperty({ type: [UnsupportedAnswer] })
  readonly unsupported!: readonly UnsupportedAnswer[];
}
