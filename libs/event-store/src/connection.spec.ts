import { describe, expect, it } from 'vitest';
import { serviceConnection } from './connection.js';

describe('serviceConnection', () => {
  it('refuses a URL whose options would replace the role', () => {
    expect(serviceConnection('postgres://host/db?sslmode=disable').options).toContain('role=daybook_service');
    expect(() => serviceConnection('postgres://host/db?options=-c%20statement_timeout%3D5s')).toThrow(
      /options/,
    );
  });
});
