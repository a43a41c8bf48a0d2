import type { LoggerService } from '@nestjs/common';
import pino, { type Logger } from 'pino';

/** One JSON object a line on standard error; standard output is for whoever started the server. */
export function openLog(level: string): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: true }),
  );
}

/** Nest's own messages in the same log. */
export class JsonLogger implements LoggerService {
  constructor(private readonly out: Logger) {}

  log(message: unknown, context?: string): void {
    this.out.debug({ context }, String(message));
  }

  warn(message: unknown, context?: string): void {
    this.out.warn({ context }, String(message));
  }

  error(message: unknown, stack?: string, context?: string): void {
    this.out.error({ context, stack }, String(message));
  }
}
