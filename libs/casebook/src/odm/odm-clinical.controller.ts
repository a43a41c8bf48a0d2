import { Readable } from 'node:stream';
import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
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
import {
  AccessRecord,
  authorise,
  type Caller,
  CurrentCaller,
  type IdentityPlace,
  Needs,
  sightOf,
  sitesFor,
  WriteCall,
} from '#access';
import { type Call, Runner } from '#commands';
import { EventStore, momentOf } from '#event-store';
import { AnswersAs, AsOf, invalidParameter, MinPosition, type Moment, negotiate, text, xmlBody } from '#http';
import { Problem } from '#problem';
import { Studies } from '#study';
import { CASEBOOK_COMMANDS, type CasebookCommands } from '../casebook.commands.js';
import { CasebookReader } from '../casebook-reader.js';
import { SubjectKeys } from '../identity/subject-key.table.js';
import { ClinicalImportAnswer } from './odm-clinical.dto.js';
import { clinicalDocument } from './odm-document.projection.js';
import { type ImportedSubject, importClinical } from './odm-import.service.js';

const odmVersions = ['1.3.2', '2.0'] as const;

/** Clinical data as CDISC ODM, out and in. */
@ApiTags('Clinical data')
@ApiBearerAuth()
@Controller('api/v1/studies/:study/clinical-data')
export class OdmClinicalController {
  constructor(
    private readonly runner: Runner<Caller>,
    @Inject(CASEBOOK_COMMANDS) private readonly commands: CasebookCommands,
    private readonly casebooks: CasebookReader,
    private readonly store: EventStore,
    private readonly studies: Studies,
    private readonly keys: SubjectKeys,
    private readonly pool: Pool,
    private readonly record: AccessRecord,
  ) {}

  @Get()
  @Needs('read casebook')
  @ApiOperation({
    summary: 'All that was ever entered at the caller’s sites, as a CDISC ODM document',
    description:
      'Each act is a SubjectData, with its AuditRecord for those who may read the audit trail. A comment at the end lists what is left out.',
  })
  @AnswersAs({ 'application/xml': text })
  @ApiQuery({ name: 'version', required: false, enum: odmVersions, description: '1.3.2 unless given' })
  @ApiQuery({ name: 'subject', required: false, description: 'Only this one' })
  async read(
    @CurrentCaller() caller: Caller,
    @Param('study') study: string,
    @Query('version') version: string | undefined,
    @Query('subject') subject: string | undefined,
    @Headers('accept') accept: string | undefined,
    @AsOf() asOf: Moment | undefined,
    @MinPosition() minPosition: number | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const sites = sitesFor(caller, 'read casebook', study);
    negotiate(accept, ['application/xml']);
    const odmVersion = odmVersions.find((one) => one === (version ?? '1.3.2'));
    if (!odmVersion) throw invalidParameter('version', odmVersions.join(' or '));
    const asked = { asOf, minPosition };
    if (subject !== undefined) await this.casebooks.read(caller, study, subject, asked);
    const { position } = await momentOf(this.store, study, asked);
    if (position < 0) throw new Problem('not-found', 'There is no such thing here.');
    const scope = {
      position,
      sites,
      ...(subject !== undefined && { subject }),
      sight: (site: string) => sightOf(caller, study, site),
      audit: (site: string) => mayReadAudit(caller, study, site),
      identityRead: (place: Omit<IdentityPlace, 'study'>) =>
        this.record.identityRead(caller, { study, ...place }),
    };
    const { pool, store, studies, keys } = this;
    const document = clinicalDocument({ pool, store, studies, keys }, study, scope, odmVersion);
    reply.header('Daybook-Position', String(position));
    reply.header('Content-Type', 'application/xml; charset=utf-8');
    reply.send(Readable.from(document, { objectMode: false }));
  }

  @Post()
  @Needs('EnterForm')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Enter the clinical data of a CDISC ODM document',
    description:
      'Each act goes the way of every client’s; the answer lists for each subject what was entered, and what was refused and why. The same document again changes nothing. A document with faults is entered up to the first of them.',
  })
  @ApiConsumes('application/xml')
  @ApiBody({ schema: { type: 'string', description: 'ODM 1.3.2 or 2.0, at most 64 MiB' } })
  @ApiQuery({
    name: 'site',
    required: false,
    description: 'Of subjects whose site the document does not say',
  })
  @ApiQuery({ name: 'consentDate', required: false, description: 'YYYY-MM-DD, likewise' })
  @ApiOkResponse({ type: ClinicalImportAnswer })
  async enter(
    @WriteCall() { caller, log: study }: Call<Caller>,
    @Query('site') site: string | undefined,
    @Query('consentDate') consentDate: string | undefined,
    @Body() body: unknown,
  ) {
    authorise(caller, 'EnterForm', study);
    const xml = xmlBody(body);
    if (!xml) throw new Problem('unsupported-media-type', 'A body here is an ODM document, application/xml.');
    const { runner, commands, studies, pool } = this;
    const enrolment = {
      ...(site !== undefined && { site }),
      ...(consentDate !== undefined && { consentDate }),
    };
    const options = { caller, enrolment, study };
    const { fault, ...done } = await importClinical({ runner, commands, studies, pool }, xml, options);
    const subjects = done.subjects.map(viewSubject);
    if (!fault) return { subjects, unsupported: done.unsupported };
    const { code, detail, details } = fault;
    throw new Problem(code, detail, { ...details, ...(subjects.length > 0 && { extensions: { subjects } }) });
  }
}

function viewSubject({ odmKey, key, entered, refused, refusals }: ImportedSubject) {
  return {
    odmKey,
    subjectKey: key ?? null,
    entered,
    refused,
    refusals: refusals.map(({ what, problem }) => ({ what, ...problem.toJSON() })),
  };
}

function mayReadAudit(caller: Caller, study: string, site: string): boolean {
  try {
    authorise(caller, 'read audit', study, site);
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}
