import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { RefusalRecorder } from './guard/access-refused.service.js';
import { AuthGuard } from './guard/auth.guard.js';
import { Listings } from './listing.service.js';
import { AuthController } from './sign-in/auth.controller.js';
import { MeController } from './sign-in/me.controller.js';
import { SignIn } from './sign-in/sign-in.service.js';
import { DelegationController } from './user/delegation.controller.js';
import { GrantController } from './user/grant.controller.js';
import { ServiceAccountController } from './user/service-account.controller.js';
import { UserController } from './user/user.controller.js';

/** Accounts, grants and sign-in; the guard before every route that is not `Public`, and the record of whom it refused. */
@Module({
  providers: [{ provide: APP_GUARD, useClass: AuthGuard }, RefusalRecorder, SignIn, Listings],
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
