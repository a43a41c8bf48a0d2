import type { Pool } from 'pg';

/** Which of some Idempotency-Keys a study's log has. */
export async function usedKeys(
  pool: Pool,
  study: string,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ key: string }>(
    'SELECT key FROM event WHERE log = $1 AND key = ANY($2::uuid[])',
    [study, keys],
  );
  return new Set(rows.map(({ key }) => key));
}
