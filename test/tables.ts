import { Client } from 'pg';

/** What is still to be done follows from no log alone: it empties itself. */
const WORK = ['duplicate_due', 'daily_check'];

/** Every row of every table of a database, as text in a fixed order; bytes are in hexadecimal. */
export async function tablesOf(url: string): Promise<Record<string, string[]>> {
  const owner = new Client({ connectionString: url });
  await owner.connect();
  try {
    const { rows } = await owner.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`,
    );
    const tables: Record<string, string[]> = {};
    for (const { name } of rows.filter((row) => !WORK.includes(row.name))) {
      const { rows: texts } = await owner.query(`SELECT t::text AS text FROM "${name}" t ORDER BY 1`);
      tables[name] = texts.map(({ text }) => text);
    }
    return tables;
  } finally {
    await owner.end();
  }
}

/** The rows of a table that are in one state of the database and not in the other; a few of them. */
export function differences(
  table: string,
  one: Record<string, string[]>,
  other: Record<string, string[]>,
): string[] {
  const others = (of: string[] = [], than: string[] = []) => {
    const known = new Set(than);
    return of.filter((row) => !known.has(row));
  };
  return [...others(one[table], other[table]), ...others(other[table], one[table])].slice(0, 4);
}
