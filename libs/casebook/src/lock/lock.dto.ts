import { IntersectionType } from '@nestjs/swagger';
import { LockReasonBody } from '#study';
import { PlaceBody } from '../place.dto.js';

/** What is frozen or locked, and why. */
export class LockBody extends IntersectionType(PlaceBody, LockReasonBody) {}
