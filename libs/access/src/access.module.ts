import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuthController } from './auth.controller.js';
import { AuthGuard } from './auth.guard.js';
import { GrantController } from './grant.controller.js';
import { UserController } from './user.controller.js';

/** Accounts, grants and sign-in; and the guard before every route that is not `Public`. */
@Module({
  providers: [{ provide: APP_GUARD, useClass: AuthGuard }],
  controllers: [AuthController, UserController, GrantController],
})
export class AccessModule {}
