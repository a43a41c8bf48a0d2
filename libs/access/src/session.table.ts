import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { Problem } from '#problem';

/**
 * Sessions: families of refresh tokens, each token good for one use. Whoever uses one a second time, thief
 * or robbed, ends the family. Only hashes are stored.
 */
export class Sessions {
  constructor(
    private readonly pool: Pool,
    private readonly random: (bytes: number) => Buffer,
  ) {}

  async begin(user: string): Promise<string> {
    const token = this.newToken();
    await this.pool.query(
      `INSERT INTO refresh_token (hash, family, "user", expires) VALUES ($1, gen_random_uuid(), $2, now() + interval '30 days')`,
      [hashOf(token), user],
    );
    return token;
  }

  /** Uses a token up for the next one. @throws Problem unauthenticated */
  async rotate(token: string): Promise<{ user: string; token: string }> {
    const next = this.newToken();
    const { rows } = await this.pool.query<{ user: string }>(
      `WITH used AS (
         UPDATE refresh_token t SET used = true FROM app_user u
         WHERE t.hash = $1 AND NOT t.used AND t.expires > now() AND u.id = t."user" AND u.active
         RETURNING t.family, t."user", t.expires)
       INSERT INTO refresh_token (hash, family, "user", expires)
       SELECT $2, family, "user", expires FROM used RETURNING "user"`,
      [hashOf(token), hashOf(next)],
    );
    const session = rows[0];
    if (session) return { user: session.user, token: next };
    await this.end(token);
    throw new Problem('unauthenticated', 'The refresh token is not valid; sign in again.');
  }

  /** Ends the family of a token; a token that is none is ignored. */
  async end(token: string): Promise<void> {
    const { rows } = await this.pool.query<{ family: string }>(
      'SELECT family FROM refresh_token WHERE hash = $1',
      [hashOf(token)],
    );
    if (rows[0]) await this.deleteAll('DELETE FROM refresh_token WHERE family = $1', rows[0].family);
  }

  /** Ends every family of a user. */
  async endAllOf(user: string): Promise<void> {
    await this.deleteAll('DELETE FROM refresh_token WHERE "user" = $1', user);
  }

  /** A rotation that was under way adds a token which the statement does not see: deletes until none is left. */
  private async deleteAll(statement: string, value: string): Promise<void> {
    while ((await this.pool.query(statement, [value])).rowCount !== 0);
  }

  private newToken(): string {
    return this.random(32).toString('base64url');
  }
}

const hashOf = (token: string) => createHash('sha256').update(token).digest();
