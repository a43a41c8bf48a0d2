import { describe, expect, it } from 'vitest';
import { negotiate, rowFormats } from './accept.js';

const [json, ndjson, csv] = rowFormats;

describe('negotiate', () => {
  it.each([
    [undefined, json],
    ['', json],
    ['*/*', json],
    ['application/*', json],
    ['text/*', csv],
    ['text/csv', csv],
    ['TEXT/CSV; charset=utf-8', csv],
    ['application/x-ndjson', ndjson],
    ['application/json;q=0.5, text/csv', csv],
    ['text/csv;q=0.5, application/json;q=0.5', json],
    ['application/json;q=0, */*', ndjson],
    ['application/*;q=0.1, text/csv;q=0.05', json],
    ['*/*;q=0.2, text/html, application/x-ndjson ; q=0.3', ndjson],
    ['application/json;q=0.2, application/*;q=0.9', ndjson],
    ['nonsense, text/csv', csv],
    ['text/csv;q=2, application/x-ndjson;q=0.1', ndjson],
    ['text/html,application/xhtml+xml,*/*;q=0.8', json],
  ])('for %j chooses %s', (accept, chosen) => {
    expect(negotiate(accept, rowFormats)).toBe(chosen);
  });

  it.each([
    'text/html',
    'application/json;q=0',
    '*/*;q=0',
    'nonsense',
    'text/csv;q=0.000',
    'application/xml, image/*',
  ])('refuses %j', (accept) => {
    expect(() => negotiate(accept, rowFormats)).toThrow(
      expect.objectContaining({ code: 'not-acceptable', status: 406 }),
    );
  });
});
