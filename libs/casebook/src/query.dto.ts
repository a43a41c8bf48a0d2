import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength, MinLength } from 'class-validator';

export class QueryTextBody {
  @ApiProperty({ example: 'Confirmed against the source.' })
  @IsString()
  @MinLength(1)
  @MaxLength(2000)
  text!: string;
}

export class RaiseQueryBody extends QueryTextBody {
  @ApiProperty({ example: 'V_SCR' })
  @IsString()
  @MaxLength(70)
  visit!: string;

  @ApiProperty({ example: 'DM' })
  @IsString()
  @MaxLength(70)
  form!: string;

  @ApiPropertyOptional({ example: 'I.DM.WEIGHT' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  item?: string;
}
