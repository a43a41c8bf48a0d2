import { type ArgumentsHost, Catch, Injectable } from '@nestjs/common';
import { ProblemFilter } from '#http';
import { Refused } from '../scope.js';
import { AccessRecord, type RefusedCall } from './access-record.service.js';
import type { AuthenticatedRequest } from './current-caller.decorator.js';

/**
 * Sees to it that attempts beyond one’s rights are recorded before they are answered. To be the last of the app's
 * filters, since the last comes first; a filter and no interceptor, because requests that nobody refuses need neither.
 */
@Injectable()
@Catch(Refused)
export class RefusalRecorder extends ProblemFilter {
  constructor(private readonly record: AccessRecord) {
    super();
  }

  override async catch(refused: Refused, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<AuthenticatedRequest>();
    await this.record.refused(request.caller, refusedCall(request, refused));
    super.catch(refused, host);
  }
}

function refusedCall(
  { method, routeOptions, params }: AuthenticatedRequest,
  { status }: Refused,
): RefusedCall {
  return { method, route: routeOptions.url ?? '', study: (params as { study?: string }).study, status };
}
