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
  MinLength,
  ValidateIf,
} from 'class-validator';
import { type Role, roles } from '../roles.js';

export class ReasonTextBody {
  @ApiProperty({ example: 'Left the centre' })
  @IsString()
  @MinLength(1)
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
  @MinLength(1)
  @MaxLength(200)
  name!: string;
}

export class CreateServiceAccountBody {
  @ApiProperty({ example: 'Sync of the statistical unit' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  name!: string;
}

const DAY = { message: 'A day is an existing date, such as 2026-03-01' };

export class GiveGrantBody {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  user!: string;

  @ApiProperty({ enum: roles })
  @IsIn(roles)
  role!: Role;

  @ApiPropertyOptional({
    oneOf: [
      { type: 'array', items: { type: 'string' } },
      { type: 'string', enum: ['all'] },
    ],
    default: 'all',
    example: ['FR01'],
  })
  @ValidateIf((_, sites) => sites !== undefined && sites !== 'all')
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1000)
  @IsString({ each: true })
  sites?: string[] | 'all';

  @ApiPropertyOptional({ description: 'A statistician who may tell the arms apart' })
  @ValidateIf((_, unblinded) => unblinded !== undefined)
  @IsBoolean()
  unblinded?: boolean;

  @ApiPropertyOptional({ format: 'date', description: 'First day on which it counts (UTC)' })
  @ValidateIf((_, from) => from !== undefined)
  @Matches(/^\d{4}-\d\d-\d\d$/, DAY)
  from?: string;

  @ApiPropertyOptional({ format: 'date', description: 'Last day on which it counts (UTC)' })
  @ValidateIf((_, to) => to !== undefined)
  @Matches(/^\d{4}-\d\d-\d\d$/, DAY)
  to?: string;
}
