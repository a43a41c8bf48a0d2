import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsObject, IsOptional, IsString, MaxLength } from 'class-validator';
import { Nested } from '#http';
import { ReasonBody } from '../subject/subject.dto.js';

/** A form's values. What an item may hold, the study's definition says: it is checked there. */
export class FormBody {
  @ApiPropertyOptional({ type: Object, example: { 'I.DM.SEX': 'F', 'I.DM.BIRTHDT': '1961-04' } })
  @IsOptional()
  @IsObject()
  items: Record<string, unknown> = {};

  @ApiPropertyOptional({
    type: Object,
    example: { 'I.DM.HEIGHT': 'not-done' },
    description: 'not-done, unknown, not-applicable or refused, by item',
  })
  @IsOptional()
  @IsObject()
  missing: Record<string, unknown> = {};

  @ApiPropertyOptional({
    type: Object,
    example: { 'IG.IM.TL': [{ rowKey: '1', items: { 'I.IM.TLSITE': 'LIVER', 'I.IM.TLDIAM': 31 } }] },
    description: 'Rows of repeating groups, by group; a row’s key is the client’s own',
  })
  @IsOptional()
  @IsObject()
  rows: Record<string, unknown> = {};

  @ApiPropertyOptional({ description: 'Declares the form complete: required items are checked' })
  @IsOptional()
  @IsBoolean()
  complete?: boolean;

  @ApiPropertyOptional({ type: ReasonBody, description: 'Required where entered values change' })
  @IsOptional()
  @Nested(() => ReasonBody)
  reason?: ReasonBody;

  @ApiPropertyOptional({
    example: 'FR01-0001-Q1',
    description:
      'The query because of which this is entered: open or answered, on this form, its visit or the casebook',
  })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  query?: string;
}

/** Bodies as a client would send them; those that make one up from each member's example get none that fits. */
export const formExamples = {
  put: {
    entry: {
      summary: 'Form DM, entered',
      value: {
        items: { 'I.DM.SEX': 'F', 'I.DM.BIRTHDT': '1961-04' },
        missing: { 'I.DM.HEIGHT': 'not-done' },
      },
    },
    rows: {
      summary: 'Form IM, entered with a row of a repeating group',
      value: {
        items: { 'I.IM.IMDAT': '2026-01-20', 'I.IM.IMMOD': 'CT' },
        rows: { 'IG.IM.TL': [{ rowKey: '1', items: { 'I.IM.TLSITE': 'LIVER', 'I.IM.TLDIAM': 31 } }] },
      },
    },
  },
  patch: {
    correction: {
      summary: 'Form DM, corrected and declared complete: with If-Match',
      value: {
        items: { 'I.DM.SEX': 'M' },
        reason: { code: 'transcription-error', text: 'Misread from the source document' },
        complete: true,
      },
    },
  },
};
