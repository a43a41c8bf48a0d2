import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextLink, type Page, page } from './page.js';

describe('page', () => {
  it('walks through a list without skipping or repeating', () => {
    fc.assert(
      fc.property(fc.nat({ max: 60 }), fc.integer({ min: 1, max: 20 }), (size, limit) => {
        const all = Array.from({ length: size }, (_, index) => index);
        const seen: number[] = [];
        let pages = 0;
        let after: string | null = '-1';
        while (after !== null) {
          const start: number = Number(after) + 1;
          const next: Page<number> = page(all.slice(start, start + limit + 1), limit, String);
          expect(next.items.length).toBeLessThanOrEqual(limit);
          seen.push(...next.items);
          after = next.nextCursor;
          pages++;
        }
        expect(seen).toEqual(all);
        expect(pages).toBe(Math.max(1, Math.ceil(size / limit)));
      }),
    );
  });
});

describe('nextLink', () => {
  it.each([
    ['/a/b', '</a/b?cursor=C>; rel="next"'],
    ['/a?limit=5', '</a?limit=5&cursor=C>; rel="next"'],
    ['/a?cursor=B&limit=5', '</a?cursor=C&limit=5>; rel="next"'],
    ['/a?q=x%3E%2C%22&s=1&s=2', '</a?q=x%3E%2C%22&s=1&s=2&cursor=C>; rel="next"'],
    ['/a"><b>?q', '</a%22%3E%3Cb%3E?q=&cursor=C>; rel="next"'],
  ])('continues %s', (url, link) => {
    expect(nextLink(url, 'C')).toBe(link);
  });
});
