import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';

export class SignInBody {
  @ApiProperty({ example: 'admin@daybook.invalid' })
  @IsString()
  @MaxLength(254)
  email!: string;

  @ApiProperty({ example: 'correct horse battery staple' })
  @IsString()
  @MaxLength(200)
  password!: string;
}

export class RefreshBody {
  @ApiProperty({ description: 'The refresh token of the last answer: good for one use' })
  @IsString()
  @MaxLength(200)
  refreshToken!: string;
}
