import { ApiProperty } from '@nestjs/swagger';
import { Nested } from '#http';
import { ReasonBody } from '../subject/subject.dto.js';

export class EraseIdentityBody {
  @ApiProperty({ type: ReasonBody })
  @Nested(() => ReasonBody)
  reason!: ReasonBody;
}
