import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { Pool } from 'pg';

/** The smallest Fastify route that inserts one row a request: what a whole command is held against. */
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
await pool.query('CREATE TABLE IF NOT EXISTS bench_request (id uuid PRIMARY KEY, body jsonb NOT NULL)');
const app = fastify();
app.put('/rows', async (request) => {
  await pool.query({
    name: 'insert',
    text: 'INSERT INTO bench_request (id, body) VALUES ($1, $2)',
    values: [randomUUID(), JSON.stringify(request.body)],
  });
  return { ok: true };
});
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
process.stdout.write(`ready http://127.0.0.1:${(app.server.address() as AddressInfo).port}\n`);
