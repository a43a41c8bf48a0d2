import type { Client } from 'pg';

/** How far a log is. */
export interface Head {
  readonly log: string;
  readonly size: number;
}

export async function heads(client: Client): Promise<Head[]> {
  const { rows } = await client.query<Head>('SELECT log, size FROM log_head ORDER BY log');
  return rows;
}
