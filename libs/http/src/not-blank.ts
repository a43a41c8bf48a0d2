import { Matches } from 'class-validator';

/** A body’s text that says something. */
export const NotBlank = (): PropertyDecorator => Matches(/\S/, { message: 'A text that is not blank' });
