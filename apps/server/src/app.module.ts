import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Pool } from 'pg';
import {
  AccessModule,
  AccessRecord,
  AccessTokens,
  Callers,
  ClientSecrets,
  Credentials,
  ForeignTokens,
  Lockouts,
  SecondFactors,
  ServerSecret,
  Sessions,
  SignIn,
  SignInLimit,
  USER_COMMANDS,
} from '#access';
import { AccessAuditController, AUDIT_FOLLOWER, AuditController, LogController, SigningKeys } from '#audit';
import {
  AdjudicationController,
  AdoptionController,
  Adoptions,
  BatchController,
  CASEBOOK_COMMANDS,
  CasebookReader,
  DUPLICATE_FOLLOWER,
  DuplicateController,
  ErasureController,
  FormController,
  LockController,
  OdmClinicalController,
  QueryController,
  QueryLooks,
  QueryReadController,
  SignatureController,
  SubjectController,
  SubjectKeys,
  TransferController,
  VERIFICATION_FOLLOWER,
  VerificationController,
} from '#casebook';
import { Runner, Streams } from '#commands';
import { EventStore, LogSignal } from '#event-store';
import { Cursors } from '#http';
import type { Installation } from '#installation';
import { PROGRESS_FOLLOWER, ProgressController, ProgressReader } from '#monitoring';
import { CurveController, OUTCOME_FOLLOWER, OutcomeController } from '#outcomes';
import {
  ChangeController,
  ComparisonController,
  DatasetController,
  SNAPSHOT_COMMANDS,
  SnapshotController,
  StudyReader,
} from '#snapshots';
import { SiteController, Studies, StudyController, StudyLockController } from '#study';
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
    { provide: LogSignal, useValue: installation.signal },
    { provide: Streams, useValue: installation.streams },
    { provide: Runner, useValue: installation.runner },
    { provide: Studies, useValue: installation.studies },
    { provide: SubjectKeys, useValue: installation.subjectKeys },
    { provide: SigningKeys, useValue: installation.signingKeys },
    { provide: CasebookReader, useValue: installation.reader },
    { provide: StudyReader, useValue: installation.studyReader },
    { provide: SNAPSHOT_COMMANDS, useValue: installation.snapshotCommands },
    { provide: Cursors, useValue: installation.cursors },
    { provide: CASEBOOK_COMMANDS, useValue: installation.commands },
    { provide: USER_COMMANDS, useValue: installation.userCommands },
    { provide: Credentials, useValue: installation.accounts.credentials },
    { provide: Sessions, useValue: installation.accounts.sessions },
    { provide: AccessTokens, useValue: installation.accounts.tokens },
    { provide: Callers, useValue: installation.accounts.callers },
    { provide: ForeignTokens, useValue: installation.accounts.foreignTokens },
    { provide: ClientSecrets, useValue: installation.accounts.clients },
    { provide: SecondFactors, useValue: installation.accounts.factors },
    { provide: Lockouts, useValue: installation.accounts.lockouts },
    { provide: ServerSecret, useValue: installation.accounts.serverSecret },
    { provide: AccessRecord, useValue: installation.accounts.record },
    { provide: SignInLimit, useValue: signInLimit },
    { provide: OUTCOME_FOLLOWER, useValue: installation.followers.outcomes },
    { provide: VERIFICATION_FOLLOWER, useValue: installation.followers.verification },
    { provide: PROGRESS_FOLLOWER, useValue: installation.followers.progress },
    { provide: DUPLICATE_FOLLOWER, useValue: installation.followers.identity },
    { provide: AUDIT_FOLLOWER, useValue: installation.followers.audit },
  ];
  const behind = { module: InstallationModule, providers, exports: providers.map(({ provide }) => provide) };
  return {
    module: AppModule,
    imports: [behind, AccessModule],
    controllers,
    providers: [AuditController, Adoptions, QueryLooks, SignIn, ProgressReader],
  };
}

const controllers = [
  BatchController,
  StudyController,
  SiteController,
  StudyLockController,
  SubjectController,
  TransferController,
  ErasureController,
  DuplicateController,
  FormController,
  LockController,
  QueryController,
  QueryReadController,
  SignatureController,
  AdoptionController,
  VerificationController,
  AdjudicationController,
  OdmClinicalController,
  AuditController,
  AccessAuditController,
  LogController,
  OutcomeController,
  ChangeController,
  ComparisonController,
  DatasetController,
  SnapshotController,
  CurveController,
  ProgressController,
  HealthController,
  ProblemsController,
];
