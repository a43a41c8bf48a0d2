import { createHash } from 'node:crypto';
import { Body, Controller, HttpCode, Inject, Post, Query, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Pool } from 'pg';
import { AccessRecord, authorise, type Caller, Needs, Refused, ServerSecret, WriteCall } from '#access';
import { type Call, type Receipt, RefusedStep, Runner, type Step } from '#commands';
import type { RecordedEvent } from '#event-store';
import { invalidParameter, parseIfMatch } from '#http';
import { Problem } from '#problem';
import type { FormAddress } from '../address.js';
import { CASEBOOK_COMMANDS, type CasebookCommands } from '../casebook.commands.js';
import { tagAfter } from '../form/enter-form.js';
import { canonicalAddress } from '../form/plan.js';
import { QueryLooks } from '../query/query-looks.service.js';
import { BatchAnswer } from './batch.dto.js';
import { type BatchEntry, ifMatchNamed, named, readBatch } from './batch.js';
import { usedKeys } from './batch.projection.js';
import { batchCommands } from './batch-commands.dto.js';

type Made = ReadonlyMap<string, readonly RecordedEvent[]>;
type CommandName = keyof CasebookCommands;

const ROUTE = '/api/v1/studies/:study/commands';

/** What a day offline left to be done, brought home in one request. */
@ApiTags('Batches')
@ApiBearerAuth()
@Controller(ROUTE)
export class BatchController {
  constructor(
    private readonly runner: Runner<Caller>,
    @Inject(CASEBOOK_COMMANDS) private readonly commands: CasebookCommands,
    private readonly secret: ServerSecret,
    private readonly record: AccessRecord,
    private readonly looks: QueryLooks,
    private readonly pool: Pool,
  ) {}

  @Post()
  @HttpCode(200)
  @Needs('signed-in')
  @ApiOperation({
    summary: 'Run up to 1000 commands, in their order',
    description:
      'Each is `{id, type, …}`: `type` is the name of a command, the rest what the call that does the same takes, with `subject` or `query`. `#` and an id in their place means what that command made. One result a command; with `atomic=true` all or none. An id that is a UUID is the command’s Idempotency-Key, so it may come again in another batch.',
  })
  @ApiConsumes('application/json', 'application/x-ndjson')
  @ApiQuery({ name: 'atomic', required: false, enum: ['true', 'false'] })
  @ApiBody({
    schema: {
      type: 'array',
      items: { type: 'object' },
      example: [
        { id: 'c1', type: 'EnrolSubject', site: 'FR01', consentDate: '2026-01-15' },
        {
          ...{ id: 'c2', type: 'EnterForm', subject: '#c1', visit: 'V_SCR', form: 'DM' },
          items: { 'I.DM.SEX': 'F' },
        },
      ],
    },
  })
  @ApiOkResponse({ type: BatchAnswer })
  async run(
    @WriteCall() call: Call<Caller>,
    @Query('atomic') atomic: string | undefined,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    if (atomic !== undefined && atomic !== 'true' && atomic !== 'false')
      throw invalidParameter('atomic', 'true or false');
    authorise(call.caller, 'read study', call.log);
    const entries = readBatch(body);
    const results =
      atomic === 'true' ? await this.together(call, entries, body) : await this.oneByOne(call, entries);
    const position = Math.max(-1, ...results.flatMap((one) => one.position ?? []));
    if (position >= 0) reply.header('Daybook-Position', String(position));
    return { results };
  }

  private async oneByOne(call: Call<Caller>, entries: readonly BatchEntry[]): Promise<Result[]> {
    const earlier = await this.earlier(call, entries);
    const made = new Map<string, readonly RecordedEvent[]>();
    const results: Result[] = [];
    for (const entry of entries) {
      try {
        const receipt = earlier.get(entry.id) ?? (await this.one(call, entry, made));
        made.set(entry.id, receipt.events);
        results.push(await this.resultOf(call, entry, receipt));
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (error instanceof Refused) await this.recordRefusal(call, error);
        results.push({ id: entry.id, status: error.status, problem: error.toJSON() });
      }
    }
    return results;
  }

  private one(call: Call<Caller>, entry: BatchEntry, made: Made): Promise<Receipt> {
    const { type, command, call: own, ifMatch } = this.step(call, entry);
    return this.runner.run(type, command(made), { ...own, ifMatch: ifMatch(made) });
  }

  /**
   * What the log has of the commands already, by their ids. Of another batch under a used key nothing is done. That
   * it is another one shows where a command that the log has is not what it was; those that it has are answered
   * again, whatever is asked, so nothing is done to find out.
   *
   * @throws Problem idempotency-key-reused
   */
  private async earlier(
    call: Call<Caller>,
    entries: readonly BatchEntry[],
  ): Promise<ReadonlyMap<string, Receipt>> {
    const keys = entries.map(({ id }) => keyOf(call.key, id).toLowerCase());
    const used = await usedKeys(this.pool, call.log, keys);
    const made = new Map<string, readonly RecordedEvent[]>();
    const receipts = new Map<string, Receipt>();
    for (const [i, entry] of entries.entries()) {
      if (!used.has(keys[i]!)) continue;
      try {
        const receipt = await this.one(call, entry, made);
        made.set(entry.id, receipt.events);
        receipts.set(entry.id, receipt);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (error.code === 'idempotency-key-reused' && !UUID.test(entry.id)) throw error;
      }
    }
    return receipts;
  }

  private async together(
    call: Call<Caller>,
    entries: readonly BatchEntry[],
    body: unknown,
  ): Promise<Result[]> {
    const byId = (made: readonly (readonly RecordedEvent[])[]): Made =>
      new Map(made.map((events, i) => [entries[i]!.id, events]));
    const steps = entries.map((entry, i): Step<Caller> => {
      try {
        const { command, ifMatch, ...step } = this.step(call, entry);
        return {
          ...step,
          command: (made) => command(byId(made)),
          ifMatch: (made) => ifMatch(byId(made)),
        };
      } catch (error) {
        throw error instanceof Problem ? placed(new RefusedStep(i, error), entry) : error;
      }
    });
    // Keyed: what identifies a subject is not hashed for anyone to try out.
    const fingerprint = this.secret.of('batch', call.caller.id, JSON.stringify(body)).toString('base64url');
    try {
      const receipts = await this.runner.runTogether(call.log, steps, fingerprint);
      return await Promise.all(receipts.map((receipt, i) => this.resultOf(call, entries[i]!, receipt)));
    } catch (error) {
      if (!(error instanceof RefusedStep)) throw error;
      throw placed(error, entries[error.step]!);
    }
  }

  /** @throws Problem for a command that no batch has */
  private step(call: Call<Caller>, { id, type: name, fields }: BatchEntry) {
    const reading = Object.hasOwn(batchCommands, name) ? batchCommands[name as CommandName] : undefined;
    if (!reading) {
      const message = `No command ${name} stands in a batch.`;
      throw new Problem('invalid-value', message, {
        errors: [{ pointer: '/type', code: 'unknown-command', message }],
      });
    }
    const { names, read } = reading;
    const { [names]: of, ...own } = fields;
    return {
      type: this.commands[name as CommandName] as Step<Caller>['type'],
      command: (made: Made) => read(own, names === 'nothing' ? '' : named(names, of, made)),
      call: { ...call, key: keyOf(call.key, id) },
      ifMatch: (made: Made) => {
        const address = canonicalAddress(own as unknown as FormAddress);
        return parseIfMatch(address && ifMatchNamed(own.ifMatch, address, made));
      },
    };
  }

  /** With what an entry raised and closed, as the form’s own call answers. */
  private async resultOf(call: Call<Caller>, entry: BatchEntry, receipt: Receipt): Promise<Result> {
    const result = resultOf(entry, receipt);
    if (entry.type !== 'EnterForm') return result;
    return { ...result, queries: await this.looks.movedBy(receipt.events, call, result.subjectKey ?? '') };
  }

  /** The answer of the whole is no refusal, so the door does not see that one of its commands was. */
  private recordRefusal({ caller, log: study }: Call<Caller>, { status }: Problem): Promise<void> {
    return this.record.refused(caller, { method: 'POST', route: ROUTE, study, status });
  }
}

interface Result {
  readonly id: string;
  readonly status: number;
  readonly position?: number;
  readonly replayed?: true;
  readonly subjectKey?: string;
  readonly query?: string;
  readonly etag?: string;
  readonly queries?: object;
  readonly problem?: object;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** An id that is no UUID is unique within its request only, so the request's key is part of the command's. */
function keyOf(request: string, id: string): string {
  if (UUID.test(id)) return id;
  const hex = createHash('sha256').update(`${request} ${id}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

function resultOf({ id, type, fields }: BatchEntry, { events, position, replayed }: Receipt): Result {
  const first = events[0]?.data as { subject?: string; query?: string; first?: boolean } | undefined;
  const subject = events[0]?.stream.replace(/^subject\//, '');
  const address = type === 'EnterForm' ? canonicalAddress(fields as unknown as FormAddress) : undefined;
  const tag = address && tagAfter(events, address);
  return {
    id,
    status: type === 'EnrolSubject' || type === 'RaiseQuery' || first?.first ? 201 : 200,
    position,
    ...(replayed && { replayed }),
    ...(subject !== undefined && { subjectKey: subject }),
    ...(first?.query !== undefined && { query: first.query }),
    ...(tag !== undefined && { etag: `"${tag}"` }),
  };
}

/** The refusal of one command as that of the whole batch: its places are those of the batch. */
function placed({ step, problem }: RefusedStep, { id }: BatchEntry): Problem {
  const { errors, extensions } = problem.details;
  const Kind = problem instanceof Refused ? Refused : Problem;
  return new Kind(problem.code, problem.detail, {
    ...(errors && { errors: errors.map((fault) => ({ ...fault, pointer: `/${step}${fault.pointer}` })) }),
    extensions: { ...extensions, command: id },
  });
}
