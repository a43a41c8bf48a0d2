import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { roles } from '#access';
import { count, instant, integer, NotBlank, pageOf, textOrNull } from '#http';
import { FormAddressAnswer, SubjectKeyAnswer } from '../place.dto.js';
import type { ChangedForm, SignatureState, SignedForm } from './signature-state.js';

const hash = { type: 'string', format: 'byte', description: 'SHA-256 of what was signed' } as const;
const open = 'Queries that were open in these forms';
const confirms = 'The signature that this one confirms';

export class SignBody {
  @ApiPropertyOptional({
    description: 'What is signed. Left out where another signature is confirmed by countersigns.',
    oneOf: [
      { type: 'string', enum: ['casebook'] },
      { type: 'object', properties: { casebook: { type: 'boolean', enum: [true] } } },
      {
        type: 'object',
        properties: {
          visits: { type: 'array', items: { type: 'string' } },
          forms: {
            type: 'array',
            items: {
              type: 'object',
              required: ['visit', 'form'],
              properties: {
                visit: { type: 'string' },
                form: { type: 'string' },
                revision: { type: 'integer', description: 'That was seen: the form’s ETag' },
              },
            },
          },
        },
      },
      {
        type: 'object',
        required: ['visit'],
        properties: { visit: { type: 'string' }, form: { type: 'string' } },
      },
    ],
    example: { visits: ['V_SCR'] },
  })
  @IsOptional()
  scope?: unknown;

  @ApiProperty({ example: 'I reviewed these data and confirm that they are accurate and complete.' })
  @IsString()
  @NotBlank()
  @MaxLength(500)
  meaning!: string;

  @ApiProperty({ description: 'The signer’s own, asked for anew at every signature' })
  @IsString()
  @MaxLength(200)
  password!: string;

  @ApiPropertyOptional({ description: 'Of the second factor, where the account has one' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  code?: string;

  @ApiPropertyOptional({ example: 'FR01-0001-S1', description: 'The signature that this one confirms' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  countersigns?: string;
}

export const signatureStatuses = ['valid', 'broken'] as const satisfies SignatureState['status'][];

class SignedFormAnswer extends FormAddressAnswer implements Partial<SignedForm> {
  @ApiProperty({
    ...integer,
    required: false,
    description: 'That was signed: the form’s ETag; not told to the blinded',
  })
  readonly revision?: number;
}

class ChangedFormAnswer extends FormAddressAnswer implements ChangedForm {
  @ApiProperty({ type: [String], description: 'Empty where the form was reopened' })
  readonly items!: readonly string[];
}

/** Who signed what, when and with which meaning (21 CFR 11.50). */
class AnySignatureAnswer {
  @ApiProperty({ example: 'FR01-0001-S1' })
  readonly signature!: string;

  @ApiProperty({ enum: signatureStatuses, description: '`broken` once something signed has changed' })
  readonly status!: SignatureState['status'];

  @ApiProperty({ description: 'The signer’s id' })
  readonly by!: string;

  @ApiProperty({ description: 'The signer’s, as it was then' })
  readonly name!: string;

  @ApiProperty(instant)
  readonly at!: string;

  @ApiProperty()
  readonly meaning!: string;

  @ApiProperty({ type: [SignedFormAnswer] })
  readonly scope!: readonly SignedFormAnswer[];

  @ApiProperty({ ...integer, description: 'The version that the casebook followed' })
  readonly definition!: number;
}

/** A signature just given. */
export class SignedAnswer extends IntersectionType(SubjectKeyAnswer, AnySignatureAnswer) {
  @ApiProperty(hash)
  readonly hash!: string;

  @ApiProperty({ ...count, description: open })
  readonly openQueries!: number;

  @ApiPropertyOptional({ description: confirms })
  readonly countersigns?: string;
}

export class SignatureAnswer extends AnySignatureAnswer {
  @ApiProperty({ enum: roles })
  readonly role!: string;

  @ApiProperty({ ...hash, nullable: true })
  readonly hash!: string | null;

  @ApiProperty({ ...count, nullable: true, description: open })
  readonly openQueries!: number | null;

  @ApiProperty({ ...textOrNull, description: confirms })
  readonly countersigns!: string | null;

  @ApiProperty({ ...instant, nullable: true })
  readonly brokenAt!: string | null;

  @ApiProperty({ ...textOrNull, description: 'Whose change broke it' })
  readonly brokenBy!: string | null;

  @ApiProperty({ type: [ChangedFormAnswer], description: 'What broke it' })
  readonly changed!: readonly ChangedFormAnswer[];
}

class ListedSignatureAnswer extends IntersectionType(SubjectKeyAnswer, SignatureAnswer) {
  @ApiProperty({ example: 'FR01' })
  readonly site!: string;
}

export const SignaturePage = pageOf(ListedSignatureAnswer);
