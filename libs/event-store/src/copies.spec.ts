import fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asOwner, freshDatabase } from '../../../test/database.js';
import { ownerConnection } from './connection.js';
import { Copies } from './copies.js';
import { type ReadModel, upsertRows } from './read-model.js';

const columns = ['id', 'flag', 'small', 'count', 'place', 'name', 'names', 'state', 'grants', 'day', 'at'];
const upserted: ReadModel = { table: 'upserted', columns, key: ['id'] };
const copied: ReadModel = { ...upserted, table: 'copied' };

let database: Awaited<ReturnType<typeof freshDatabase>>;
let client: Client;
beforeAll(async () => {
  database = await freshDatabase();
  await asOwner(
    database.url,
    `CREATE TABLE upserted (id uuid PRIMARY KEY, flag boolean, small smallint, count integer, place bigint, name text,
       names text[], state json, grants jsonb, day date, at timestamptz);
     CREATE TABLE copied (LIKE upserted);
     CREATE TABLE odd (id uuid, price numeric)`,
  );
  client = new Client(ownerConnection(database.url));
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const orNull = <T>(one: fc.Arbitrary<T>) => fc.option(one);
const text = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((one) => !one.includes('\0'));
const instant = fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true });
const value = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.array(text, { maxLength: 3 }));
const row = fc.record({
  id: fc.uuid(),
  flag: orNull(fc.boolean()),
  small: orNull(fc.integer({ min: -32_768, max: 32_767 })),
  count: orNull(fc.integer()),
  place: orNull(fc.maxSafeInteger()),
  name: orNull(text),
  names: orNull(fc.array(text, { maxLength: 4 })),
  state: orNull(fc.dictionary(text, value)),
  grants: orNull(fc.array(fc.dictionary(text, value), { maxLength: 2 })),
  day: orNull(instant.map((date) => date.toISOString().slice(0, 10))),
  at: orNull(
    fc.oneof(
      instant,
      instant.map((date) => date.toISOString()),
    ),
  ),
});

const rowsOf = async (table: string) =>
  (await client.query(`SELECT t::text AS text FROM "${table}" t ORDER BY id`)).rows;

describe('rows that are copied', () => {
  it('are those that an upsert would write', async () => {
    const rows = fc.uniqueArray(row, { maxLength: 20, selector: ({ id }) => id });
    await fc.assert(
      fc.asyncProperty(rows, async (rows) => {
        await client.query('TRUNCATE upserted, copied');
        await upsertRows(client, [{ model: upserted, rows }]);
        const copies = new Copies(client);
        await copies.open(copied, 'copied');
        copies.add([{ model: copied, rows }]);
        await copies.finish();
        expect(await rowsOf('copied')).toEqual(await rowsOf('upserted'));
      }),
      { numRuns: 50 },
    );
  });

  it('all come, however many times they are sent, and those of other read models are passed over', async () => {
    await client.query('TRUNCATE copied');
    const copies = new Copies(client);
    await copies.open(copied, 'copied');
    const ids = Array.from(
      { length: 300 },
      (_, i) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
    );
    for (const id of ids) {
      copies.add([
        { model: copied, rows: [{ id, name: 'long '.repeat(100) }] },
        { model: upserted, rows: [{ id }] },
      ]);
      if (copies.size > 20_000) await copies.send();
    }
    await copies.finish();
    const { rows } = await client.query('SELECT id FROM copied ORDER BY id');
    expect(rows.map(({ id }) => id)).toEqual(ids);
  });

  it('fail where a table refuses them, and leave the connection of use', async () => {
    await client.query('TRUNCATE upserted');
    const copies = new Copies(client);
    await copies.open(upserted, 'upserted');
    const twice = { id: '00000000-0000-4000-8000-000000000000' };
    copies.add([{ model: upserted, rows: [twice, twice] }]);
    await expect(copies.finish()).rejects.toThrow('duplicate key');
    expect(await rowsOf('upserted')).toEqual([]);
  });

  it('have no column that is not known, nor one of a type that none has had', async () => {
    const copies = new Copies(client);
    await expect(copies.open({ ...copied, columns: ['price'] }, 'odd')).rejects.toThrow('numeric');
    await expect(copies.open({ ...copied, columns: ['shape'] }, 'odd')).rejects.toThrow('shape');
  });
});
