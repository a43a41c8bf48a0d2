import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Installation } from '#installation';

/** Prometheus metrics of this node. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly requests = new Histogram({
    name: 'daybook_http_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [this.registry],
  });

  constructor({ pool, followers }: Pick<Installation, 'pool' | 'followers'>) {
    collectDefaultMetrics({ register: this.registry });
    new Gauge({
      name: 'daybook_log_size',
      help: 'Events in a log',
      labelNames: ['log'],
      registers: [this.registry],
      async collect() {
        const { rows } = await pool.query<{ log: string; size: number }>('SELECT log, size FROM log_head');
        for (const { log, size } of rows) this.set({ log }, size);
      },
    });
    new Gauge({
      name: 'daybook_follower_behind',
      help: 'Events that a follower has not folded yet',
      labelNames: ['follower', 'log'],
      registers: [this.registry],
      async collect() {
        const { rows } = await pool.query<{ follower: string; log: string; behind: number }>(
          `SELECT f.follower, h.log, h.size - 1 - coalesce(b.position, -1) AS behind
           FROM unnest($1::text[]) AS f(follower) CROSS JOIN log_head h
           LEFT JOIN bookmark b ON b.follower = f.follower AND b.log = h.log`,
          [Object.values(followers).map(({ name }) => name)],
        );
        for (const { follower, log, behind } of rows) this.set({ follower, log }, behind);
      },
    });
    new Gauge({
      name: 'daybook_follower_failing',
      help: '1 while a follower stands still at an event that it cannot fold',
      labelNames: ['follower'],
      registers: [this.registry],
      collect() {
        for (const { name, failure } of Object.values(followers))
          this.set({ follower: name }, failure ? 1 : 0);
      },
    });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  /** Times every request by its route, never by its address: that could name a subject. */
  observe(fastify: FastifyInstance): void {
    fastify.addHook('onResponse', (request, reply, done) => {
      const labels = {
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status: reply.statusCode,
      };
      this.requests.observe(labels, reply.elapsedTime / 1000);
      done();
    });
  }
}
