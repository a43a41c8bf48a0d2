import { Body, Controller, Get, HttpStatus, Inject, Param, Patch, Put, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AccessRecord, type Caller, CurrentCaller, Needs, WriteCall } from '#access';
import { acknowledge, type Call, Runner } from '#commands';
import { type Asked, EventStore } from '#event-store';
import { AsOf, MinPosition, type Moment, nameOfShown, strongETag, withHeaders } from '#http';
import { Problem } from '#problem';
import { Studies } from '#study';
import { type FormAddress, formKey } from '../address.js';
import { CASEBOOK_COMMANDS, type CasebookCommands } from '../casebook.commands.js';
import { CasebookReader } from '../casebook-reader.js';
import { sealedPlace, subjectStream } from '../casebook-stream.js';
import { SubjectKeys } from '../identity/subject-key.table.js';
import { lockStatus, viewLocks } from '../lock/lock.view.js';
import { showsQuery } from '../query/query.view.js';
import { QueryLooks } from '../query/query-looks.service.js';
import { viewSignaturesOn } from '../signature/signature.view.js';
import { formTag, tagAfter } from './enter-form.js';
import { FormBody, formExamples } from './form.dto.js';
import { FormAnswer, FormEnteredAnswer, FormHistoryAnswer } from './form-answer.dto.js';
import { historyOf } from './history.js';
import { canonicalAddress, readableForm, tellsArmsNow } from './plan.js';
import { readerOf } from './reader.js';
import { isFormThereFor, viewForm } from './view.js';

const ENTERED = { type: FormEnteredAnswer, headers: withHeaders('ETag') };

interface FormPath extends FormAddress {
  study: string;
  subject: string;
}

@ApiTags('Forms')
@ApiBearerAuth()
@Controller('api/v1/studies/:study/subjects/:subject/visits/:visit/forms/:form')
export class FormController {
  constructor(
    private readonly runner: Runner<Caller>,
    @Inject(CASEBOOK_COMMANDS) private readonly commands: CasebookCommands,
    private readonly casebooks: CasebookReader,
    private readonly looks: QueryLooks,
    private readonly store: EventStore,
    private readonly studies: Studies,
    private readonly keys: SubjectKeys,
    private readonly record: AccessRecord,
  ) {}

  @Get()
  @Needs('read casebook')
  @ApiOperation({
    summary: 'A form’s values',
    description: 'Each with its version, who entered it and when, and its open queries.',
  })
  @ApiOkResponse({ type: FormAnswer, headers: withHeaders('ETag') })
  async read(
    @CurrentCaller() caller: Caller,
    @Param() path: FormPath,
    @AsOf() asOf: Moment | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { casebook, position, lineage, reader, address, hidden } = await this.open(caller, path, {
      asOf,
      minPosition,
    });
    reply.header('Daybook-Position', String(position));
    const form = hidden ? undefined : casebook.forms[formKey(address)];
    if (!form) throw new Problem('not-found', 'Nothing was entered in this form.');
    const view = viewForm(form, Object.values(casebook.queries), lineage, reader);
    const signatures = viewSignaturesOn(casebook, address, lineage, reader);
    const studyLocks = await this.studies.locksAsOf(path.study, position);
    const shown = {
      ...{ subjectKey: casebook.subject, definition: casebook.definition },
      ...{ ...view, signatures },
      ...lockStatus(casebook, studyLocks, address),
      locks: viewLocks(casebook, studyLocks, address, { lineage, reader }),
    };
    // The form's own tag counts what else happened in the casebook; the blinded change nothing, and need no If-Match.
    reply.header('ETag', strongETag(reader.arms ? formTag(form) : nameOfShown(shown)));
    return shown;
  }

  @Put()
  @Needs('EnterForm')
  @ApiOperation({
    summary: 'Enter or correct the whole form',
    description:
      'What the body does not name is emptied. Changing entered values needs If-Match and a reason.',
  })
  @ApiBody({ type: FormBody, examples: formExamples.put })
  @ApiCreatedResponse({ ...ENTERED, description: 'First entered' })
  @ApiOkResponse(ENTERED)
  put(
    @WriteCall() call: Call<Caller>,
    @Param() path: FormPath,
    @Body() body: FormBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.enter(call, path, body, true, reply);
  }

  @Patch()
  @Needs('EnterForm')
  @ApiOperation({ summary: 'Enter or correct what the body names' })
  @ApiBody({ type: FormBody, examples: formExamples.patch })
  @ApiCreatedResponse({ ...ENTERED, description: 'First entered' })
  @ApiOkResponse(ENTERED)
  patch(
    @WriteCall() call: Call<Caller>,
    @Param() path: FormPath,
    @Body() body: FormBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.enter(call, path, body, false, reply);
  }

  @Get('history')
  @Needs('read casebook')
  @ApiOperation({
    summary: 'Every value each item ever had',
    description: 'With who, when, why and position.',
  })
  @ApiOkResponse({ type: FormHistoryAnswer })
  async history(
    @CurrentCaller() caller: Caller,
    @Param() path: FormPath,
    @AsOf() asOf: Moment | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FormHistoryAnswer> {
    const { casebook, position, lineage, reader, address, hidden } = await this.open(caller, path, {
      asOf,
      minPosition,
    });
    const shows = (query: string) => {
      const state = casebook.queries[query];
      return state !== undefined && showsQuery(state, lineage.readAs(), reader);
    };
    const events = await this.store.readStream(path.study, subjectStream(path.subject), -1, position);
    reply.header('Daybook-Position', String(position));
    return { items: hidden ? [] : historyOf(events, address, lineage, reader, shows) };
  }

  private async enter(
    call: Call<Caller>,
    path: FormPath,
    body: FormBody,
    whole: boolean,
    reply: FastifyReply,
  ) {
    const { subject } = path;
    const { items, ...rest } = body;
    const address = addressOf(path);
    const command = { items, ...rest, ...address, subject, whole };
    const receipt = await this.runner.run(this.commands.EnterForm, command, call);
    acknowledge(reply, receipt);
    const changed = tagAfter(receipt.events, address);
    const tag = changed ?? (await this.currentTag(call, path, address));
    if (tag !== undefined) reply.header('ETag', strongETag(tag));
    // Nobody changes a form that is there without saying which state they saw.
    const first = changed !== undefined && call.ifMatch === undefined;
    reply.status(first ? HttpStatus.CREATED : HttpStatus.OK);
    return {
      subjectKey: subject,
      ...address,
      queries: await this.looks.movedBy(receipt.events, call, subject),
    };
  }

  /** Where nothing changed, the form is at the state it was in; undefined where there is none. */
  private async currentTag(
    { caller, log }: Call<Caller>,
    { subject }: FormPath,
    address: FormAddress,
  ): Promise<string | undefined> {
    const { casebook } = await this.casebooks.read(caller, log, subject, {});
    const form = casebook.forms[formKey(address)];
    return form && formTag(form);
  }

  private async open(caller: Caller, path: FormPath, asked: Asked) {
    const address = addressOf(path);
    const seen = await this.casebooks.read(caller, path.study, path.subject, asked);
    const lineage = await this.studies.lineage(path.study, seen.casebook.definition, seen.latest);
    const form = readableForm(lineage, address);
    const identifying = seen.sight.identity && lineage.identifies(form.oid);
    const key = identifying && !seen.erased ? await this.keys.of(path.study, path.subject) : undefined;
    const reader = readerOf(seen.sight, key, (item) => sealedPlace(path.study, path.subject, address, item));
    // What tells the arms apart by being there is, for whoever is blinded, as if nothing were entered.
    const entered = seen.casebook.forms[formKey(address)];
    const hidden =
      (!seen.sight.arms && tellsArmsNow(form, lineage.readAs())) ||
      (entered !== undefined && !isFormThereFor(reader, entered, lineage));
    if (key && entered && !hidden) {
      const { study, subject } = path;
      await this.record.identityRead(caller, { study, site: seen.site, subject, ...address });
    }
    return { lineage, reader, address, hidden, ...seen };
  }
}

function addressOf(path: FormPath): FormAddress {
  const address = canonicalAddress(path);
  if (!address) throw new Problem('not-found', `There is no form ${path.form} in a visit ${path.visit}.`);
  return address;
}
