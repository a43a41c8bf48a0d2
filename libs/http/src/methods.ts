import type { FastifyInstance } from 'fastify';
import { Problem } from '#problem';

/**
 * Answers 405 with `Allow` where an address exists but not with the method asked for; Fastify by
 * itself would answer 404. To be called before the routes are added.
 */
export function answerOtherMethods(fastify: FastifyInstance): void {
  const routes = new Map<string, { address: RegExp; methods: Set<string> }>();

  fastify.addHook('onRoute', ({ url, method }) => {
    const route = routes.get(url) ?? { address: addressOf(url), methods: new Set() };
    for (const name of [method].flat()) route.methods.add(name);
    routes.set(url, route);
  });

  fastify.addHook('onRequest', (request, reply, done) => {
    if (!request.is404) return done();
    const path = request.url.replace(/\?.*/s, '');
    const matching = [...routes.values()].filter(({ address }) => address.test(path));
    const allowed = new Set(matching.flatMap(({ methods }) => [...methods]));
    if (allowed.size === 0 || allowed.has(request.method)) return done();
    reply.header('Allow', [...allowed].sort().join(', '));
    done(new Problem('method-not-allowed', `${request.method} is not a method of this address.`));
  });
}

/** The addresses of a route’s pattern: `:name` stands for one segment, `*` for any rest. */
function addressOf(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:\w+/g, '[^/]+')
    .replaceAll('*', '.*');
  return new RegExp(`^${source}$`);
}
