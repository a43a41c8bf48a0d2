import { ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsBoolean, IsOptional, IsString, MaxLength } from 'class-validator';
import { FormBody } from '../form/form.dto.js';
import { FormAddressBody } from '../place.dto.js';

/** A form in a batch: as it is sent to the form's own address, with that address. */
export class PlacedFormBody extends IntersectionType(FormBody, FormAddressBody) {
  @ApiPropertyOptional({
    description: 'As PUT has it (the default): what is not named is emptied; false: as PATCH',
  })
  @IsOptional()
  @IsBoolean()
  whole?: boolean;

  @ApiPropertyOptional({
    example: '#c1',
    description: 'The ETag of the state that was seen, or # and the id of the command before that made it',
  })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  ifMatch?: string;
}
