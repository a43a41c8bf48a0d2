import { Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { RefusalRecorder } from './access-refused.service.js';
import { AuthController } from './auth.controller.js';
import { AuthGuard } from './auth.guard.js';
import { DelegationController } from './delegation.controller.js';
import { GrantController } from './grant.controller.js';
import { Listings } from './listing.service.js';
import { MeController } from './me.controller.js';
import { ServiceAccountController } from './service-account.controller.js';
import { SignIn } from './sign-in.service.js';
import { UserController } from './user.controller.js';

/** Accounts, grants and sign-in; the guard before every route that is not `Public`, and the record of whom it refused. */
@Module({
  providers: [
    { provide: APP_GUARD, useClass: AuthGuard },
    { provide: APP_INTERCEPTOR, useClass: RefusalRecorder },
    SignIn,
    Listings,
  ],
  exports: [SignIn],
  controllers: [
    AuthController,
    MeController,
    UserController,
    ServiceAccountController,
    GrantController,
    DelegationController,
  ],
})
export class AccessModule {}
