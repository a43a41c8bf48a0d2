import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { acceptStrictJson } from './body.js';
import { answerOtherMethods } from './methods.js';
import { PlainRequestGuard } from './plain-request.guard.js';
import { ProblemFilter } from './problem.filter.js';
import { bodyPipe } from './validate-body.js';

/**
 * Gives every route the contract’s conventions: strict JSON bodies, validated by class; plain
 * addresses; errors as problems. To be called before `init`, on an app made with `bodyParser: false`
 * and an adapter made with `serverOptions`.
 */
export function applyConventions(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  acceptStrictJson(fastify);
  answerOtherMethods(fastify);
  app.useGlobalFilters(new ProblemFilter());
  app.useGlobalPipes(bodyPipe);
  app.useGlobalGuards(new PlainRequestGuard());
}
