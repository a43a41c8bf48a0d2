import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateIf,
} from 'class-validator';
import { day, NotBlank, pageOf, textOrNull, uuid } from '#http';
import { type Role, roles } from '../roles.js';
import type { UserGrant } from './user.js';

export class ReasonTextBody {
  @ApiProperty({ example: 'Left the centre' })
  @IsString()
  @NotBlank()
  @MaxLength(1000)
  reason!: string;
}

export class PasswordBody {
  @ApiProperty({ example: 'correct horse battery staple' })
  @IsString()
  @MaxLength(200)
  password!: string;
}

export class CreateUserBody extends PasswordBody {
  @ApiProperty({ example: 'coordinator@centre.example' })
  @IsEmail()
  @MaxLength(254)
  email!: string;

  @ApiProperty({ example: 'A. Coordinator' })
  @IsString()
  @NotBlank()
  @MaxLength(200)
  name!: string;
}

export class CreateServiceAccountBody {
  @ApiProperty({ example: 'Sync of the statistical unit' })
  @IsString()
  @NotBlank()
  @MaxLength(200)
  name!: string;
}

export const someSites = {
  oneOf: [
    { type: 'array', items: { type: 'string' } },
    { type: 'string', enum: ['all'] },
  ],
  example: ['FR01'],
};

const DAY = { message: 'A day is an existing date, such as 2026-03-01' };

const firstDay = { ...day, description: 'First day on which it counts (UTC)' };
const lastDay = { ...day, description: 'Last day on which it counts (UTC)' };
const unblinded = 'A statistician who may tell the arms apart';

export class GiveGrantBody {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  user!: string;

  @ApiProperty({ enum: roles })
  @IsIn(roles)
  role!: Role;

  @ApiPropertyOptional({ ...someSites, default: 'all' })
  @ValidateIf((_, sites) => sites !== undefined && sites !== 'all')
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1000)
  @IsString({ each: true })
  sites?: string[] | 'all';

  @ApiPropertyOptional({ description: unblinded })
  @ValidateIf((_, unblinded) => unblinded !== undefined)
  @IsBoolean()
  unblinded?: boolean;

  @ApiPropertyOptional(firstDay)
  @ValidateIf((_, from) => from !== undefined)
  @Matches(/^\d{4}-\d\d-\d\d$/, DAY)
  from?: string;

  @ApiPropertyOptional(lastDay)
  @ValidateIf((_, to) => to !== undefined)
  @Matches(/^\d{4}-\d\d-\d\d$/, DAY)
  to?: string;
}

/** A grant of the caller’s own. */
export class OwnGrantAnswer {
  @ApiProperty({ example: 'SINET', description: '`*`: in every study' })
  readonly study!: string;

  @ApiProperty({ enum: roles })
  readonly role!: Role;

  @ApiProperty(someSites)
  readonly sites!: readonly string[] | 'all';

  @ApiProperty({ description: unblinded })
  readonly unblinded!: boolean;

  @ApiPropertyOptional(firstDay)
  readonly from?: string;

  @ApiPropertyOptional(lastDay)
  readonly to?: string;
}

export class UserGrantAnswer extends OwnGrantAnswer implements UserGrant {
  @ApiProperty(uuid)
  readonly grant!: string;
}

export class GrantAnswer extends UserGrantAnswer {
  @ApiProperty(uuid)
  readonly user!: string;
}

export class UserAnswer {
  @ApiProperty(uuid)
  readonly id!: string;

  @ApiProperty({ ...textOrNull, description: 'Null for a service account' })
  readonly email!: string | null;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty({ description: 'Whether it can sign in' })
  readonly active!: boolean;

  @ApiProperty({ description: 'Whether signing in asks for a second factor' })
  readonly secondFactor!: boolean;

  @ApiProperty({ type: [UserGrantAnswer] })
  readonly grants!: readonly UserGrantAnswer[];
}

export class DeactivatedUserAnswer {
  @ApiProperty(uuid)
  readonly id!: string;

  @ApiProperty({ enum: [false] })
  readonly active!: false;
}

export class ClientSecretAnswer {
  @ApiProperty(uuid)
  readonly clientId!: string;

  @ApiProperty({ description: 'Shown here only' })
  readonly clientSecret!: string;
}

export class ServiceAccountAnswer extends ClientSecretAnswer {
  @ApiProperty()
  readonly name!: string;
}

export const UserPage = pageOf(UserAnswer);
export const GrantPage = pageOf(GrantAnswer);
