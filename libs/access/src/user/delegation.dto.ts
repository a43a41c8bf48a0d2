import { ApiProperty } from '@nestjs/swagger';
import { day, instant, pageOf, uuid } from '#http';
import { type Role, roles } from '../roles.js';
import type { Delegation } from './delegation.js';
import { someSites } from './user.dto.js';

class DelegationActAnswer {
  @ApiProperty(instant)
  readonly at!: string;

  @ApiProperty({ description: 'A person’s id, or a part of the system' })
  readonly by!: string;

  @ApiProperty()
  readonly byName!: string;
}

class DelegationEndAnswer extends DelegationActAnswer {
  @ApiProperty()
  readonly reason!: string;

  @ApiProperty({ enum: ['withdrawn', 'deactivated'], description: 'The grant, or the account' })
  readonly how!: 'withdrawn' | 'deactivated';
}

/** A line of the delegation log (ICH E6(R3) 2.3.3). */
export class DelegationAnswer implements Delegation {
  @ApiProperty(uuid)
  readonly grant!: string;

  @ApiProperty({ ...uuid, description: 'Who holds it' })
  readonly user!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty({ enum: roles })
  readonly role!: Role;

  @ApiProperty(someSites)
  readonly sites!: readonly string[] | 'all';

  @ApiProperty({ ...day, nullable: true, description: 'First day on which it counts; null from its giving' })
  readonly from!: string | null;

  @ApiProperty({ ...day, nullable: true, description: 'Last day on which it counts; null to its end' })
  readonly to!: string | null;

  @ApiProperty({ type: DelegationActAnswer })
  readonly given!: DelegationActAnswer;

  @ApiProperty({ type: DelegationEndAnswer, nullable: true, description: 'Null while it goes on' })
  readonly ended!: DelegationEndAnswer | null;
}

export const DelegationPage = pageOf(DelegationAnswer);
