import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type RowSet, readModel } from '#event-store';
import type { User } from './user.js';

/** An account with its grants, as sign-in and every request read it. */
@Entity('app_user')
export class UserRow implements User {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') email!: string | null;
  @Column('text') name!: string;
  @Column('boolean') active!: boolean;
  @Column('uuid') factor!: string | null;
  @Column('jsonb') grants!: User['grants'];
}

export const userRows = readModel(UserRow);

export function projectUser(_: User, user: User): RowSet[] {
  return [{ model: userRows, rows: [user] }];
}
