import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches, MaxLength } from 'class-validator';
import { instant, pageOf, textOrNull, uuid } from '#http';
import { OwnGrantAnswer } from '../user/user.dto.js';
import type { Session } from './session.table.js';

export class ConfirmSecondFactorBody {
  @ApiProperty({ example: '492039' })
  @Matches(/^\d{6}$/, { message: 'A code of six digits' })
  code!: string;
}

export class OwnPasswordBody {
  @ApiProperty()
  @IsString()
  @MaxLength(200)
  password!: string;
}

export class MeAnswer {
  @ApiProperty(uuid)
  readonly id!: string;

  @ApiProperty({ ...textOrNull, description: 'Null for a service account' })
  readonly email!: string | null;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty({ type: [OwnGrantAnswer], description: 'Those that count today' })
  readonly grants!: readonly OwnGrantAnswer[];
}

export class SessionAnswer implements Session {
  @ApiProperty(uuid)
  readonly id!: string;

  @ApiProperty(instant)
  readonly begun!: Date;

  @ApiProperty(instant)
  readonly lastUsed!: Date;

  @ApiProperty({ ...instant, description: 'Unless it is used before' })
  readonly expires!: Date;
}

export class SecondFactorAnswer {
  @ApiProperty({ description: 'The seed, in base 32' })
  readonly secret!: string;

  @ApiProperty({ description: '`otpauth://`, for an authenticator app' })
  readonly uri!: string;
}

export class RecoveryCodesAnswer {
  @ApiProperty({ type: [String], description: 'Each good for one sign-in' })
  readonly recoveryCodes!: string[];
}

export const SessionPage = pageOf(SessionAnswer);
