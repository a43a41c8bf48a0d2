import { applyDecorators } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiExtension } from '@nestjs/swagger';
import { type Permission, permissions } from '../roles.js';

/** Whom a route is open to: anyone, whoever has an account, or those with one of some permissions. */
export type Need = 'public' | 'signed-in' | readonly Permission[];

/** What a route, or every route of a controller, was declared to need. */
export const needOf = Reflector.createDecorator<Need>();

/**
 * Declares what a route needs. The guard enforces it as far as the address tells (who may do this nowhere in
 * the study); what depends on the thing itself is decided where the thing is known.
 */
export function Needs(
  ...need: ['public'] | ['signed-in'] | [Permission, ...Permission[]]
): MethodDecorator & ClassDecorator {
  const [only] = need;
  const declared: Need = only === 'public' || only === 'signed-in' ? only : (need as Permission[]);
  return applyDecorators(needOf(declared), ApiExtension('x-permission', [...need]));
}

/** Opens a route, or all of a controller’s, to whoever calls. */
export const Public = () => Needs('public');

/** Who has what a route needs, in words for the reference. */
export function whoMay(need: readonly string[]): string {
  const [only] = need;
  if (only === 'public') return 'Open to anyone.';
  if (only === 'signed-in') return 'For whoever has an account.';
  const roles = new Set(need.flatMap((permission) => [...permissions[permission as Permission]]));
  return `For the roles ${[...roles].join(', ')}.`;
}
