import { Column, Entity, PrimaryColumn } from 'typeorm';
import { readModel } from '#event-store';
import type { Casebook } from '../casebook.js';
import { numberOf } from '../numbers.js';
import type { SignatureState } from './signature-state.js';

/** One row an electronic signature. */
@Entity('signature')
export class SignatureRow {
  @PrimaryColumn('text') study!: string;
  @PrimaryColumn('text') subject!: string;
  @PrimaryColumn('integer') number!: number;
  @Column('text') status!: SignatureState['status'];
  @Column('json') state!: SignatureState;
}

export const signatureRows = readModel(SignatureRow);

export function signatureRow(study: string, { subject }: Casebook, state: SignatureState): SignatureRow {
  return { study, subject, number: numberOf(state.signature), status: state.status, state };
}
