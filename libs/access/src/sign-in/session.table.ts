import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { Problem } from '#problem';

/** A token that nobody uses for a day ends its session; a session ends after 30 days in any case. */
const LIVE = `NOT used AND expires > now() AND issued > now() - interval '24 hours'`;
const MOST_AGE_MS = 5000;

/** A session as its holder sees it. */
export interface Session {
  readonly id: string;
  readonly begun: Date;
  readonly lastUsed: Date;
  readonly expires: Date;
}

/**
 * Sessions: families of refresh tokens, each token good for one use. Whoever uses one a second time, thief
 * or robbed, ends the family. Only hashes are stored.
 */
export class Sessions {
  private readonly open = new LRUCache<string, true>({ max: 10_000, ttl: MOST_AGE_MS });

  constructor(
    private readonly pool: Pool,
    private readonly random: (bytes: number) => Buffer,
  ) {}

  /** Begins a session, and clears away what is left of those that ended by themselves. */
  async begin(user: string): Promise<{ session: string; token: string }> {
    const token = this.newToken();
    const { rows } = await this.pool.query<{ session: string }>(
      `INSERT INTO refresh_token (hash, family, "user", expires)
       VALUES ($1, gen_random_uuid(), $2, now() + interval '30 days') RETURNING family AS session`,
      [hashOf(token), user],
    );
    await this.pool.query(`DELETE FROM refresh_token WHERE NOT used AND NOT (${LIVE}) OR expires <= now()`);
    return { session: rows[0]!.session, token };
  }

  /** Uses a token up for the next one. @throws Problem unauthenticated */
  async rotate(token: string): Promise<{ user: string; session: string; token: string }> {
    const next = this.newToken();
    const { rows } = await this.pool.query<{ user: string; session: string }>(
      `WITH used AS (
         UPDATE refresh_token t SET used = true FROM app_user u
         WHERE t.hash = $1 AND ${LIVE} AND u.id = t."user" AND u.active
         RETURNING t.family, t."user", t.expires, t.begun)
       INSERT INTO refresh_token (hash, family, "user", expires, begun)
       SELECT $2, family, "user", expires, begun FROM used RETURNING "user", family AS session`,
      [hashOf(token), hashOf(next)],
    );
    const session = rows[0];
    if (session) return { ...session, token: next };
    await this.end(token);
    throw new Problem('unauthenticated', 'The refresh token is not valid; sign in again.');
  }

  /** Whether a session goes on; within seconds where another node ended it. */
  async isOpen(session: string): Promise<boolean> {
    if (this.open.has(session)) return true;
    const { rowCount } = await this.pool.query(
      'SELECT FROM refresh_token WHERE family = $1 AND NOT used AND expires > now()',
      [session],
    );
    if (rowCount === 0) return false;
    this.open.set(session, true);
    return true;
  }

  /** The sessions of a user that go on, the oldest first. */
  async listOf(user: string): Promise<Session[]> {
    const { rows } = await this.pool.query<Session>(
      `SELECT family AS id, begun, issued AS "lastUsed", expires FROM refresh_token
       WHERE "user" = $1 AND ${LIVE} ORDER BY begun, family`,
      [user],
    );
    return rows;
  }

  /** Ends the family of a token; a token that is none is ignored. */
  async end(token: string): Promise<void> {
    const { rows } = await this.pool.query<{ family: string; user: string }>(
      'SELECT family, "user" FROM refresh_token WHERE hash = $1',
      [hashOf(token)],
    );
    if (rows[0]) await this.endOne(rows[0].user, rows[0].family);
  }

  /** Ends one session of a user; one that is none of theirs is left alone. */
  async endOne(user: string, session: string): Promise<void> {
    await this.deleteAll('"user" = $1 AND family::text = $2', [user, session]);
  }

  /** Ends every session of a user. */
  async endAllOf(user: string): Promise<void> {
    await this.deleteAll('"user" = $1', [user]);
  }

  /** A rotation that was under way adds a token which the statement does not see: deletes until none is left. */
  private async deleteAll(condition: string, values: string[]): Promise<void> {
    const statement = `DELETE FROM refresh_token WHERE ${condition}`;
    while ((await this.pool.query(statement, values)).rowCount !== 0);
    this.open.clear();
  }

  private newToken(): string {
    return this.random(32).toString('base64url');
  }
}

const hashOf = (token: string) => createHash('sha256').update(token).digest();
