import { expect, it } from 'vitest';
import { readFileSync, readdirSync } from 'node:fs';
import { environmentOf, compileCheckSet } from './index.js';
it('x', () => {
  const dir = 'libs/study/studies/sinet/';
  const read = (f: string) => JSON.parse(readFileSync(dir + f, 'utf8'));
  const study = read('study.json');
  const forms = study.forms.map((f: string) => read(`forms/${f}.json`));
  const env = environmentOf({ ...study, forms, codeLists: read('code-lists.json') });
  const set = compileCheckSet(read('checks.json'), env);
  expect('faults' in set ? set.faults : []).toEqual([]);
});
