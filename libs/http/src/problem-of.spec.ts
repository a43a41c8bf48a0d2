import {
  ConflictException,
  HttpException,
  NotFoundException,
  ServiceUnavailableException,
} from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { Problem } from '#problem';
import { problemOf } from './problem-of.js';

const withFields = (message: string, fields: object): Error => Object.assign(new Error(message), fields);

describe('problemOf', () => {
  it('gives a problem back as it is', () => {
    const problem = new Problem('conflict', 'x');
    expect(problemOf(problem)).toBe(problem);
  });

  it.each([
    [new NotFoundException('Cannot GET /secret'), 'not-found'],
    [new ConflictException(), 'conflict'],
    [new ServiceUnavailableException(), 'unavailable'],
    [new HttpException('teapot', 418), 'invalid-request'],
    [withFields('x', { code: 'FST_ERR_CTP_BODY_TOO_LARGE', statusCode: 413 }), 'body-too-large'],
    [withFields('x', { code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE', statusCode: 415 }), 'unsupported-media-type'],
    [withFields('x', { code: 'FST_ERR_BAD_URL', statusCode: 400 }), 'invalid-request'],
  ])('maps %s', (error, code) => {
    expect(problemOf(error)).toMatchObject({ code });
  });

  it('drops the messages of other libraries', () => {
    expect(JSON.stringify(problemOf(new NotFoundException('Cannot GET /secret')))).not.toContain('secret');
  });

  it.each([
    withFields('x', { code: 'ECONNREFUSED' }),
    Object.assign(new AggregateError([new Error('x')]), { code: 'ECONNREFUSED' }),
    withFields('x', { code: '57P01' }),
    withFields('x', { code: '57P03' }),
    withFields('x', { code: '08006' }),
    withFields('x', { code: '53300' }),
    withFields('x', { code: '40001' }),
    new Error('Connection terminated unexpectedly'),
    new Error('timeout exceeded when trying to connect'),
    new Error('query failed', { cause: withFields('x', { code: '57P01' }) }),
  ])('takes the database for unavailable after %s', (error) => {
    expect(problemOf(error)).toMatchObject({ code: 'unavailable', status: 503 });
  });

  it.each([
    new Error('boom'),
    new TypeError('undefined is not a function'),
    withFields('duplicate key value', { code: '23505' }),
    withFields('cancelled', { code: '57014' }),
    withFields('x', { statusCode: 500 }),
    new HttpException('x', 500),
    'a string',
    undefined,
    { status: 404, statusCode: 404, message: 'not an Error' },
  ])('takes %s for a fault of our own', (thrown) => {
    expect(problemOf(thrown)).toBeUndefined();
  });
});
