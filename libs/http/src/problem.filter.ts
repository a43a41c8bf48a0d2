import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Problem } from '#problem';
import { ownFault, problemOf } from './problem-of.js';
import { sendProblem } from './send-problem.js';

/** Answers whatever is thrown as a problem, and logs the faults of our own. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(thrown: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = problemOf(thrown) ?? this.logged(thrown);
    if (reply.raw.headersSent) reply.raw.destroy();
    else sendProblem(reply, problem);
  }

  private logged(thrown: unknown): Problem {
    if (thrown instanceof Error) this.logger.error(thrown.message, thrown.stack);
    else this.logger.error('Something that is not an Error was thrown');
    return ownFault();
  }
}
