import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { catchError, type Observable } from 'rxjs';
import { Refused } from '../scope.js';
import { AccessRecord, type RefusedCall } from './access-record.service.js';
import type { AuthenticatedRequest } from './current-caller.decorator.js';

/** Sees to it that attempts beyond one’s rights are recorded before they are answered. */
@Injectable()
export class RefusalRecorder implements NestInterceptor {
  constructor(private readonly record: AccessRecord) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      catchError(async (error) => {
        const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
        if (error instanceof Refused) await this.record.refused(request.caller, refusedCall(request, error));
        throw error;
      }),
    );
  }
}

export function refusedCall(
  { method, routeOptions, params }: AuthenticatedRequest,
  { status }: Refused,
): RefusedCall {
  return { method, route: routeOptions.url ?? '', study: (params as { study?: string }).study, status };
}
