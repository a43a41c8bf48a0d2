import { type ClientConfig, type CustomTypesConfig, types } from 'pg';
import { PipelinedClient } from './pipelined-client.js';

const INT8 = 20;
const DATE = 1082;

/**
 * Positions and counts are JavaScript numbers: no log reaches 2^53. A calendar date is its text: it has no
 * zone, and a JavaScript Date would give it one.
 */
const plainTypes: CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text' | 'binary') => {
    if (oid === INT8) return Number;
    if (oid === DATE) return String;
    return types.getTypeParser(oid, format);
  }) as CustomTypesConfig['getTypeParser'],
};

/**
 * How the service connects: in the role that can append to the log and read it, and no more.
 *
 * @throws Error for a URL that sets `options`: they would take the place of these
 */
export function serviceConnection(url: string): ClientConfig {
  if (new URL(url, 'postgres://base').searchParams.has('options')) {
    throw new Error(
      'The database URL sets `options`, which would replace the role that only appends and reads.',
    );
  }
  return {
    connectionString: url,
    options: '-c role=daybook_service -c synchronous_commit=on',
    types: plainTypes,
    connectionTimeoutMillis: 5000,
    keepAlive: true,
  };
}

/** How the tables' owner connects: to rebuild read models, never to serve. */
export function ownerConnection(url: string): ClientConfig {
  return { connectionString: url, types: plainTypes };
}

/**
 * Opens a connection of its own, outside any pool, that pipelines its statements. They are few and prepared
 * once: planning them anew, or compiling them, would cost more than they do.
 */
export async function connectPipelined(url: string): Promise<PipelinedClient> {
  const config = serviceConnection(url);
  const options = `${config.options} -c jit=off -c plan_cache_mode=force_generic_plan`;
  const client = new PipelinedClient({ ...config, options });
  await client.connect();
  return client;
}
