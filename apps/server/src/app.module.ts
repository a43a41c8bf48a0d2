import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Pool } from 'pg';
import {
  AccessModule,
  AccessTokens,
  Callers,
  Credentials,
  Sessions,
  SignInLimit,
  USER_COMMANDS,
} from '#access';
import { AUDIT_FOLLOWER, AuditController, LogController, SigningKeys } from '#audit';
import {
  AdoptionController,
  Adoptions,
  CASEBOOK_COMMANDS,
  CasebookReader,
  FormController,
  QueryController,
  SubjectController,
  SubjectKeys,
} from '#casebook';
import { Runner, Streams } from '#commands';
import { EventStore } from '#event-store';
import { Cursors } from '#http';
import type { Installation } from '#installation';
import { OUTCOME_FOLLOWER, OutcomeController } from '#outcomes';
import { SiteController, Studies, StudyController } from '#study';
import { HealthController } from './health.controller.js';
import { Metrics } from './metrics.js';
import { ProblemsController } from './problems.controller.js';

/** What stands behind the doors, handed to Nest under the classes that the controllers ask for. */
@Global()
@Module({})
class InstallationModule {}

@Module({})
class AppModule {}

export function appModule(
  installation: Installation,
  metrics: Metrics,
  signInLimit: SignInLimit,
): DynamicModule {
  const providers = [
    { provide: Metrics, useValue: metrics },
    { provide: Pool, useValue: installation.pool },
    { provide: EventStore, useValue: installation.store },
    { provide: Streams, useValue: installation.streams },
    { provide: Runner, useValue: installation.runner },
    { provide: Studies, useValue: installation.studies },
    { provide: SubjectKeys, useValue: installation.subjectKeys },
    { provide: SigningKeys, useValue: installation.signingKeys },
    { provide: CasebookReader, useValue: installation.reader },
    { provide: Cursors, useValue: installation.cursors },
    { provide: CASEBOOK_COMMANDS, useValue: installation.commands },
    { provide: USER_COMMANDS, useValue: installation.userCommands },
    { provide: Credentials, useValue: installation.accounts.credentials },
    { provide: Sessions, useValue: installation.accounts.sessions },
    { provide: AccessTokens, useValue: installation.accounts.tokens },
    { provide: Callers, useValue: installation.accounts.callers },
    { provide: SignInLimit, useValue: signInLimit },
    { provide: OUTCOME_FOLLOWER, useValue: installation.followers.outcomes },
    { provide: AUDIT_FOLLOWER, useValue: installation.followers.audit },
  ];
  const behind = { module: InstallationModule, providers, exports: providers.map(({ provide }) => provide) };
  return { module: AppModule, imports: [behind, AccessModule], controllers, providers: [Adoptions] };
}

const controllers = [
  StudyController,
  SiteController,
  SubjectController,
  FormController,
  QueryController,
  AdoptionController,
  AuditController,
  LogController,
  OutcomeController,
  HealthController,
  ProblemsController,
];
