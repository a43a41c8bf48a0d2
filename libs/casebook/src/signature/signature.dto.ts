import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { AsSent } from '#http';

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
  @AsSent()
  scope?: unknown;

  @ApiProperty({ example: 'I reviewed these data and confirm that they are accurate and complete.' })
  @IsString()
  @Matches(/\S/, { message: 'A text that is not blank' })
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
