import { Client, type ClientConfig, type CustomTypesConfig, types } from 'pg';

const INT8 = 20;

/** Positions and counts are JavaScript numbers: no log reaches 2^53. */
export const int8AsNumber: CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text' | 'binary') =>
    oid === INT8 && format !== 'binary'
      ? Number
      : types.getTypeParser(oid, format)) as CustomTypesConfig['getTypeParser'],
};

/** How the service connects: in the role that can append to the log and read it, and no more. */
export function serviceConnection(url: string): ClientConfig {
  return {
    connectionString: url,
    options: '-c role=daybook_service -c synchronous_commit=on',
    types: int8AsNumber,
    connectionTimeoutMillis: 5000,
    keepAlive: true,
  };
}

/**
 * Opens a connection of its own, outside any pool, that pipelines its statements. They are few and prepared
 * once: planning them anew, or compiling them, would cost more than they do.
 */
export async function connectPipelined(url: string): Promise<Client> {
  const config = serviceConnection(url);
  const client = new Client({
    ...config,
    options: `${config.options} -c jit=off -c plan_cache_mode=force_generic_plan`,
    pipeline: true,
  } as ClientConfig);
  await client.connect();
  return client;
}
