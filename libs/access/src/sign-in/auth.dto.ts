import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength, ValidateIf } from 'class-validator';
import { integer } from '#http';

const isService = ({ clientId, clientSecret }: SignInBody) =>
  clientId !== undefined || clientSecret !== undefined;
const isPerson = (body: SignInBody) => !isService(body) || body.email !== undefined;

/** A person’s e-mail and password, or a service account’s id and secret. */
export class SignInBody {
  @ApiPropertyOptional({ example: 'admin@daybook.invalid' })
  @ValidateIf(isPerson)
  @IsString()
  @MaxLength(254)
  email?: string;

  @ApiPropertyOptional({ example: 'correct horse battery staple' })
  @ValidateIf(isPerson)
  @IsString()
  @MaxLength(200)
  password?: string;

  @ApiPropertyOptional({ example: '492039', description: 'Of the second factor, or a recovery code' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  code?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isService)
  @IsString()
  @MaxLength(40)
  clientId?: string;

  @ApiPropertyOptional()
  @ValidateIf(isService)
  @IsString()
  @MaxLength(100)
  clientSecret?: string;
}

export class RefreshBody {
  @ApiProperty({ description: 'The refresh token of the last answer: good for one use' })
  @IsString()
  @MaxLength(200)
  refreshToken!: string;
}

export class TokenAnswer {
  @ApiProperty({ description: 'For `Authorization: Bearer`' })
  readonly accessToken!: string;

  @ApiProperty({ description: 'For the next access token: good for one use' })
  readonly refreshToken!: string;

  @ApiProperty({ ...integer, description: 'Seconds that the access token is good for' })
  readonly expiresIn!: number;
}
