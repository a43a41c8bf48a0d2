import { ApiProperty } from '@nestjs/swagger';
import { instant, pageOf } from '#http';
import type { Proof } from './proofs.js';

export class ProofAnswer implements Proof {
  @ApiProperty({
    type: 'array',
    items: { type: 'string', format: 'byte' },
    example: ['ZkWYvRxXnNHKJ5WQNhGSYmvK0mLmLYeBtRNu9HhdYlM='],
  })
  readonly hashes!: readonly string[];
}

class VerifierKeyAnswer {
  @ApiProperty({ description: 'C2SP: name, id and key' })
  readonly key!: string;

  @ApiProperty({ ...instant, description: 'From when it signed' })
  readonly from!: string;

  @ApiProperty({ ...instant, nullable: true, description: 'Until when it signed; null of the current one' })
  readonly to!: string | null;
}

export const VerifierKeyPage = pageOf(VerifierKeyAnswer);
