interface Queried {
  query(statement: string): Promise<{ rowCount: number | null }>;
}

/** Resolves when some statement on this database waits for a lock that another transaction holds. */
export async function lockAwaited(pool: Queried): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(
      `SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)
       WHERE NOT l.granted AND a.datname = current_database()`,
    );
    if (rowCount !== 0) return;
  }
}
