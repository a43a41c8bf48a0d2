import { Controller, Get, Headers, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Pool } from 'pg';
import { authorise, type Caller, CurrentCaller, INSTALLATION_LOG, Needs, sitesFor } from '#access';
import { SubjectKeys } from '#casebook';
import { EventStore, Follower, momentOf } from '#event-store';
import {
  answerRows,
  Cursor,
  Cursors,
  cursorScope,
  invalidParameter,
  Limit,
  linkNext,
  MinPosition,
  negotiate,
  page,
  parseAsOf,
  rowFormats,
} from '#http';
import { Problem } from '#problem';
import { Studies } from '#study';
import { canonicalKey } from '#values';
import { AnswersTrail, AuditQuery } from './audit.dto.js';
import { type AuditLine, lineColumns } from './line.js';
import { readTrail, type TrailSlice } from './trail.projection.js';

/** DI token of the follower that keeps the audit entries. */
export const AUDIT_FOLLOWER = Symbol('AuditFollower');

const BATCH = 500;

@ApiTags('Audit')
@ApiBearerAuth()
@Controller('api/v1/studies/:study/audit')
export class AuditController {
  constructor(
    @Inject(AUDIT_FOLLOWER) private readonly follower: Follower,
    private readonly store: EventStore,
    private readonly studies: Studies,
    private readonly keys: SubjectKeys,
    private readonly pool: Pool,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Needs('read audit')
  @ApiOperation({
    summary: 'The audit trail: who, when, what, old value, new value, why',
    description:
      'One line for each item that was changed, one for any other event, in the order of the log. JSON comes in pages; NDJSON and CSV are the whole result.',
  })
  @AnswersTrail()
  async read(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Query() query: AuditQuery,
    @Limit() limit: number,
    @Cursor() cursor: string | undefined,
    @MinPosition() minPosition: number | undefined,
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { subject, site, user, type, item } = query;
    const visit = query.visit && canonicalKey(query.visit);
    const form = query.form && canonicalKey(query.form);
    const filters = { subject, site, user, type, visit, form, item };
    // The installation's log tells of accounts and grants, and is read by those who may read these.
    const permission = study === INSTALLATION_LOG ? 'read users' : 'read audit';
    if (site !== undefined) authorise(caller, permission, study, site);
    const sites = sitesFor(caller, permission, study);
    const format = negotiate(accept, rowFormats);
    const position = await this.caughtUp(study, minPosition);
    const from = (await this.positionOf(study, 'from', query.from)) ?? 0;
    const to = (await this.positionOf(study, 'to', query.to)) ?? position + 1;

    const scope = cursorScope(caller.id, `audit of ${study}`, { ...filters, from: query.from, to: query.to });
    const slice: TrailSlice = {
      study,
      sites,
      filter: { ...filters, from, to: Math.min(to, position + 1) },
      after: cursor === undefined ? undefined : this.decode(cursor, scope),
      batch: format === 'application/json' ? Math.min(limit + 1, BATCH) : BATCH,
    };
    const { pool, studies, keys } = this;
    const lines = readTrail({ pool, studies, keys }, caller, slice);
    reply.header('Daybook-Position', String(position));
    if (format !== 'application/json') return answerRows(reply, format, lineColumns, lines);
    const found = page(await take(lines, limit + 1), limit, (last) =>
      this.cursors.encode([last.position, last.line], scope),
    );
    reply.header('Vary', 'Accept').send(linkNext(reply, found));
  }

  /** The head of the log, once the trail shows it. @throws Problem not-found, unavailable */
  private async caughtUp(study: string, minPosition: number | undefined): Promise<number> {
    const { position } = await momentOf(this.store, study, { minPosition });
    if (position < 0) throw new Problem('not-found', 'There is no such thing here.');
    if (await this.follower.reached(study, position)) return position;
    throw new Problem('unavailable', 'The audit trail has not caught up with the log yet.');
  }

  /** A position as it is; for an instant, the first position recorded at or after it. */
  private async positionOf(study: string, parameter: string, text: string | undefined) {
    const moment = parseMoment(parameter, text);
    if (!moment || 'position' in moment) return moment?.position;
    const before = new Date(Date.parse(moment.instant) - 1).toISOString();
    return (await this.store.positionAt(study, before)) + 1;
  }

  private decode(cursor: string, scope: string): { position: number; line: number } {
    const [position, line] = this.cursors.decode(cursor, scope) as [number, number];
    return { position, line };
  }
}

async function take(lines: AsyncIterable<AuditLine>, most: number): Promise<AuditLine[]> {
  const taken: AuditLine[] = [];
  for await (const line of lines) if (taken.push(line) === most) break;
  return taken;
}

function parseMoment(parameter: string, text: string | undefined) {
  try {
    return parseAsOf(text);
  } catch {
    throw invalidParameter(parameter, 'a position, or an existing RFC 3339 instant');
  }
}
