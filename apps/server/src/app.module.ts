import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Pool } from 'pg';
import { AccessModule } from '#access';
import { AUDIT_FOLLOWER, AuditController, LogController, SigningKeys } from '#audit';
import { CASEBOOK_COMMANDS, CasebookReader, FormController, QueryController, SubjectController, SubjectKeys } from '#casebook';
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
class InstallationModule {
  static of(installation: Installation): DynamicModule {
    const providers = [
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
      { provide: OUTCOME_FOLLOWER, useValue: installation.followers.outcomes },
      { provide: AUDIT_FOLLOWER, useValue: installation.followers.audit },
    ];
    return { module: InstallationModule, providers, exports: providers.map(({ provide }) => provide) };
  }
}

@Module({})
export class AppModule {
  static of(installation: Installation, metrics: Metrics): DynamicModule {
    return {
      module: AppModule,
      imports: [InstallationModule.of(installation), AccessModule],
      providers: [{ provide: Metrics, useValue: metrics }],
      controllers: [
        StudyController,
        SiteController,
        SubjectController,
        FormController,
        QueryController,
        AuditController,
        LogController,
        OutcomeController,
        HealthController,
        ProblemsController,
      ],
    };
  }
}
