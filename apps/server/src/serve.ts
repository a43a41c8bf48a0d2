import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { RefusalRecorder, SignInLimit } from '#access';
import { acceptXml, applyConventions, serverOptions } from '#http';
import type { Installation, Settings } from '#installation';
import { listenFault } from './address.js';
import { appModule } from './app.module.js';
import { publishReference } from './document.js';
import { JsonLogger } from './json-logger.js';
import { Metrics } from './metrics.js';

export interface Server {
  readonly url: string;
  close(): Promise<void>;
}

/** Opens the doors. @throws StartError when the port cannot be listened on */
export async function serve(installation: Installation, settings: Settings, log: Logger): Promise<Server> {
  const metrics = new Metrics(installation);
  const adapter = new FastifyAdapter({ ...serverOptions, forceCloseConnections: 'idle' });
  const app = await NestFactory.create<NestFastifyApplication>(
    appModule(installation, metrics, new SignInLimit(() => new Date(), settings.rateLimit)),
    adapter,
    {
      bodyParser: false,
      logger: new JsonLogger(log),
      abortOnError: false,
    },
  );
  const fastify = adapter.getInstance();
  applyConventions(app);
  app.useGlobalFilters(app.get(RefusalRecorder));
  acceptXml(fastify, [
    'POST /api/v1/studies',
    'POST /api/v1/studies/:study/definitions',
    'POST /api/v1/studies/:study/clinical-data',
  ]);
  metrics.observe(fastify);
  if (log.isLevelEnabled('debug')) logRequests(fastify, log);
  publishReference(app);
  try {
    await app.init();
    // Not app.listen: Nest would log the failure too, and one line is enough.
    await fastify.listen({ port: settings.port, host: settings.host });
  } catch (error) {
    await app.close();
    throw listenFault(error as NodeJS.ErrnoException, settings);
  }
  const { port } = fastify.server.address() as AddressInfo;
  return { url: `http://${settings.host}:${port}`, close: () => app.close() };
}

function logRequests(fastify: FastifyInstance, log: Logger): void {
  fastify.addHook('onResponse', ({ method, routeOptions }, reply, done) => {
    log.debug(
      { method, route: routeOptions.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'request',
    );
    done();
  });
}
