import { expect } from 'vitest';
import type { Answer, ApiClient } from './client.js';
import { accepted } from './trial.js';

export const STUDY = '/studies/SINET';
export const reason = { code: 'transcription-error', text: 'Misread from the source document' };

export const subjectPath = (subject: string) => `${STUDY}/subjects/${subject}`;
export const formPath = (subject: string, visit: string, form: string) =>
  `${subjectPath(subject)}/visits/${visit}/forms/${form}`;

/** Enrols a subject and gives its key. */
export async function enrol(client: ApiClient, site = 'FR01', consentDate = '2024-01-10'): Promise<string> {
  return (await accepted(client.post(`${STUDY}/subjects`, { site, consentDate }))).subjectKey;
}

export const positionOf = ({ headers }: Answer) => Number(headers.get('daybook-position'));
export const tagOf = ({ headers }: Answer) => headers.get('etag')!;
export const ifMatch = (seen: Answer) => ({ headers: { 'If-Match': tagOf(seen) } });

/** That an answer is this problem of the catalogue, in the form that every problem has. */
export function expectProblem(answer: Answer, status: number, code: string): void {
  expect({ status: answer.status, type: answer.body?.type }, answer.text).toEqual({
    status,
    type: `/problems/${code}`,
  });
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json(;|$)/);
  expect(answer.body).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
  expect(answer.text).not.toMatch(/node_modules|\.[jt]s:\d+/);
}

/** JSON Pointers of a problem's errors with their codes. */
export function faultsOf({ body }: Answer): Record<string, string> {
  const errors: { pointer: string; code: string }[] = body.errors ?? [];
  return Object.fromEntries(errors.map(({ pointer, code }) => [pointer, code]));
}
