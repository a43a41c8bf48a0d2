import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches, MaxLength } from 'class-validator';

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
