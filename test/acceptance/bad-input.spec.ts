import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { enrol, expectProblem, faultsOf, formPath, ifMatch, reason, STUDY, subjectPath } from './casebook.js';
import { type Person, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

let subject: string;
let dm: string;
let sizes: Record<string, number>;
beforeAll(async () => {
  subject = await enrol(trial.as('investigator'));
  dm = formPath(subject, 'V_SCR', 'DM');
});
beforeEach(async () => {
  sizes = await trial.logSizes();
});
const nothingStored = async () => expect(await trial.logSizes()).toEqual(sizes);

const put = (text: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  trial.as('coordinator').raw('PUT', dm, text, headers);
const items = (text: string) => `{"items":{${text}}}`;

describe('C-18 a body that is not JSON', () => {
  it.each([
    ['', ''],
    ['{', ''],
    ['{"items":{"I.DM.SEX":}}', '/items/I.DM.SEX'],
    ['{"items":{"I.DM.SEX":"F",}}', '/items'],
    ['{"rows":{"IG.IM.TL":[1,,2]}}', '/rows/IG.IM.TL/1'],
    ['{"items":{}} trailing', ''],
    ["{'items':{}}", ''],
    ['{"complete":True}', '/complete'],
    ['{"items":{"I.DM.NAME":"a\u0001b"}}', '/items/I.DM.NAME'],
    ['{"items":{"I.DM.NAME":"\\x41"}}', '/items/I.DM.NAME'],
    ['{"items":{"I.DM.WEIGHT":NaN}}', '/items/I.DM.WEIGHT'],
    ['{"items":{"I.DM.WEIGHT":-Infinity}}', '/items/I.DM.WEIGHT'],
    ['{"items":{"I.DM.WEIGHT":0x10}}', '/items'],
    ['{"items":{"I.DM.WEIGHT":01}}', '/items'],
    ['{"items":{"I.DM.WEIGHT":1.}}', '/items'],
    ['{"items":{"I.DM.WEIGHT":+1}}', '/items/I.DM.WEIGHT'],
  ])('%j is refused with the place where reading stopped', async (text, pointer) => {
    const answer = await put(text);
    expectProblem(answer, 400, 'malformed-json');
    if (text) expect(Object.keys(faultsOf(answer))).toEqual([pointer]);
    await nothingStored();
  });

  it('whose bytes are not UTF-8 is refused', async () => {
    const bytes = Uint8Array.from(Buffer.from(items('"I.DM.NAME":"caf\xe9"'), 'latin1'));
    expectProblem(await put(bytes), 400, 'malformed-json');
    await nothingStored();
  });
});

describe('C-18 JSON that two readers could understand differently', () => {
  it.each([
    ['__proto__ as an item', '{"items":{"__proto__":{"admin":true}}}', 400, '/items/__proto__'],
    ['__proto__ in the body', '{"__proto__":{"complete":true}}', 400, '/__proto__'],
    ['constructor', '{"items":{"constructor":{"prototype":{}}}}', 400, '/items/constructor'],
    ['prototype', '{"items":{"prototype":1}}', 400, '/items/prototype'],
    ['an escaped __proto__', '{"items":{"\\u005f_proto__":1}}', 400, '/items/__proto__'],
    ['a key twice', '{"items":{"I.DM.SEX":"F","I.DM.SEX":"M"}}', 400, '/items/I.DM.SEX'],
    ['a key twice, once escaped', '{"items":{"I.DM.SEX":"F","I.DM.SE\\u0058":"M"}}', 400, '/items/I.DM.SEX'],
    ['400 digits', items(`"I.DM.WEIGHT":${'7'.repeat(400)}`), 422, '/items/I.DM.WEIGHT'],
    ['400 decimals', items(`"I.DM.WEIGHT":0.${'1'.repeat(400)}`), 422, '/items/I.DM.WEIGHT'],
    ['1e999', items('"I.DM.WEIGHT":1e999'), 422, '/items/I.DM.WEIGHT'],
    ['-1e999', items('"I.DM.WEIGHT":-1e999'), 422, '/items/I.DM.WEIGHT'],
    ['1e-999', items('"I.DM.WEIGHT":1e-999'), 422, '/items/I.DM.WEIGHT'],
    ['2^53 + 1', items('"I.DM.WEIGHT":9007199254740993'), 422, '/items/I.DM.WEIGHT'],
    ['half of a surrogate pair', items('"I.DM.NAME":"\\ud800"'), 422, '/items/I.DM.NAME'],
    ['surrogates the wrong way round', items('"I.DM.NAME":"\\udc00\\ud800"'), 422, '/items/I.DM.NAME'],
    ['NUL', items('"I.DM.NAME":"a\\u0000b"'), 422, '/items/I.DM.NAME'],
    ['NUL in a key', items('"I.DM.\\u0000":"a"'), 422, '/items'],
    [
      '70 arrays deep',
      items(`"I.DM.NAME":${'['.repeat(70)}${']'.repeat(70)}`),
      422,
      `/items/I.DM.NAME${'/0'.repeat(62)}`,
    ],
    [
      '70 objects deep',
      items(`"I.DM.NAME":${'{"a":'.repeat(70)}1${'}'.repeat(70)}`),
      422,
      `/items/I.DM.NAME${'/a'.repeat(62)}`,
    ],
    [
      '100,000 arrays deep',
      items(`"I.DM.NAME":${'['.repeat(100_000)}${']'.repeat(100_000)}`),
      422,
      undefined,
    ],
  ])('%s is refused with its place', async (_, text, status, pointer) => {
    const answer = await put(text);
    expectProblem(answer, status, status === 400 ? 'malformed-json' : 'invalid-value');
    if (pointer !== undefined) expect(Object.keys(faultsOf(answer))).toEqual([pointer]);
    await nothingStored();
  });

  it('names that every JavaScript object has are no items', async () => {
    const answer = await put(items('"toString":1,"hasOwnProperty":2,"valueOf":3'));
    expectProblem(answer, 422, 'invalid-value');
    expect(faultsOf(answer)).toEqual({
      '/items/toString': 'unknown-item',
      '/items/hasOwnProperty': 'unknown-item',
      '/items/valueOf': 'unknown-item',
    });
    await nothingStored();
  });
});

describe('C-18 values that their items cannot have', () => {
  it('are refused all at once, each with its place, and nothing is stored', async () => {
    const answer = await trial.as('coordinator').put(dm, {
      items: {
        'I.DM.SEX': 'X',
        'I.DM.COUNTRY': 33,
        'I.DM.WEIGHT': '70',
        'I.DM.HEIGHT': -1,
        'I.DM.ECOG': 1.5,
        'I.DM.ASA': 6,
        'I.DM.CHARLSON': true,
        'I.DM.INITIALS': 'ABCD',
        'I.DM.NAME': '   ',
        'I.DM.GP': ['a'],
        'I.DM.PHONE': 'a\u0007b',
        'I.DM.NATID': {},
        'I.DM.BIRTHDT': '1961-13',
        'I.DM.BMI': 22,
        'I.FU.WEIGHT': 70,
        'I.DM.NONE': 1,
        'a/b~c': 1,
      },
    });
    expectProblem(answer, 422, 'invalid-value');
    expect(faultsOf(answer)).toEqual({
      '/items/I.DM.SEX': 'not-in-code-list',
      '/items/I.DM.COUNTRY': 'wrong-type',
      '/items/I.DM.WEIGHT': 'wrong-type',
      '/items/I.DM.HEIGHT': 'out-of-range',
      '/items/I.DM.ECOG': 'not-an-integer',
      '/items/I.DM.ASA': 'out-of-range',
      '/items/I.DM.CHARLSON': 'wrong-type',
      '/items/I.DM.INITIALS': 'too-long',
      '/items/I.DM.NAME': 'empty',
      '/items/I.DM.GP': 'wrong-type',
      '/items/I.DM.PHONE': 'bad-characters',
      '/items/I.DM.NATID': 'wrong-type',
      '/items/I.DM.BIRTHDT': 'impossible-date',
      '/items/I.DM.BMI': 'derived-item',
      '/items/I.FU.WEIGHT': 'unknown-item',
      '/items/I.DM.NONE': 'unknown-item',
      '/items/a~1b~0c': 'unknown-item',
    });
    await nothingStored();
  });

  it('lists of codes: no miss, no repeat, no empty one', async () => {
    const dx = formPath(subject, 'V_SCR', 'DX');
    for (const [value, code] of [
      ['BONE', 'wrong-type'],
      [[], 'empty'],
      [['NOPE'], 'not-in-code-list'],
      [[7], 'wrong-type'],
      [['BONE', 'BONE'], 'repeated-code'],
    ] as const) {
      const answer = await trial.as('coordinator').put(dx, { items: { 'I.DX.EXHEP': value } });
      expectProblem(answer, 422, 'invalid-value');
      expect(faultsOf(answer)).toEqual({ '/items/I.DX.EXHEP': code });
    }
    await nothingStored();
  });

  it('whatever else a text holds comes back as it was', async () => {
    const coordinator = trial.as('coordinator');
    for (const text of [
      "'; DROP TABLE event; --",
      '=cmd|"/c calc"!A1',
      '#{7*7}{{7*7}}<script>',
      '*)(uid=*))(|(uid=*',
      '\u202egnirts\u202c',
      'e\u0301'.repeat(20),
      '👩🏽‍⚕️🧬',
      'two\nlines\tand a tab',
      '\u2028\ufeff\u200b.',
    ]) {
      const path = formPath(await enrol(coordinator), 'COMMON', 'AE');
      expect((await coordinator.put(path, { items: { 'I.AE.AETERM': text } })).status).toBe(201);
      expect((await coordinator.get(path)).body.items['I.AE.AETERM'].value).toBe(text);
    }
  });

  it('a zero has no sign', async () => {
    const path = formPath(await enrol(trial.as('coordinator')), 'V_SCR', 'DM');
    await trial.as('coordinator').raw('PUT', path, items('"I.DM.ECOG":-0'));
    const { text } = await trial.as('coordinator').get(path);
    expect(text).toContain('"value":0,');
  });
});

describe('C-18 a body of another shape', () => {
  it.each([
    ['null', ''],
    ['[]', ''],
    ['"text"', ''],
    ['7', ''],
    ['{"items":[]}', '/items'],
    ['{"items":null,"rows":7}', '/rows'],
    ['{"missing":"all"}', '/missing'],
    ['{"complete":"yes"}', '/complete'],
    ['{"complete":1}', '/complete'],
    ['{"whole":false}', '/whole'],
    ['{"subject":"FR01-0002"}', '/subject'],
    ['{"visit":"V_INC"}', '/visit'],
    ['{"actor":{"system":"edit check"}}', '/actor'],
  ])('%j is refused with its place', async (text, pointer) => {
    const answer = await put(text);
    expectProblem(answer, 422, 'invalid-value');
    expect(Object.keys(faultsOf(answer))).toEqual([pointer]);
    await nothingStored();
  });

  /** Every write with a person who may do it; none may fail on our side whatever it is sent. */
  const writes: [method: string, path: string, by: Person][] = [
    ['POST', `${STUDY}/subjects`, 'investigator'],
    ['POST', `${subjectPath('FR01-0001')}/allocation`, 'investigator'],
    ['POST', `${subjectPath('FR01-0001')}/withdrawal`, 'investigator'],
    ['POST', `${subjectPath('FR01-0001')}/reinstatement`, 'investigator'],
    ['POST', `${subjectPath('FR01-0001')}/queries`, 'monitor'],
    ['POST', `${STUDY}/queries/FR01-0001-Q1/answer`, 'investigator'],
    ['POST', `${STUDY}/sites`, 'administrator'],
    ['PATCH', `${STUDY}/sites/FR01`, 'administrator'],
    ['POST', '/studies', 'administrator'],
    ['POST', '/studies', 'dataManager'],
    ['POST', '/users', 'administrator'],
    ['PUT', `/users/${trial.userId('monitor')}/password`, 'administrator'],
    ['POST', `/users/${trial.userId('monitor')}/deactivation`, 'administrator'],
    ['POST', `${STUDY}/grants`, 'administrator'],
    ['DELETE', `${STUDY}/grants/none`, 'administrator'],
    ['POST', '/auth/token', 'nobody'],
    ['POST', '/auth/refresh', 'nobody'],
    ['POST', '/auth/logout', 'nobody'],
  ];
  it.each(writes)('%s %s refuses what is no object of its own', async (method, path, by) => {
    for (const body of [
      'null',
      '[]',
      '[[]]',
      '"a"',
      '0',
      'true',
      '{"study":7}',
      '{"nothing":[{}]}',
      '{"study":{"oid":[]}}',
    ]) {
      const answer = await trial.as(by).raw(method, path, body);
      expect([401, 403, 404, 422], `${body} → ${answer.text}`).toContain(answer.status);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    }
    const none = await trial.as(by).post(path, undefined);
    expect([400, 401, 403, 404, 405, 415, 422], none.text).toContain(none.status);
    await nothingStored();
  });
});

describe('a body that is not sent as JSON', () => {
  it.each([
    ['text/plain', {}],
    ['application/xml', {}],
    ['application/x-www-form-urlencoded', {}],
    ['multipart/form-data; boundary=x', {}],
    ['application/json; charset=utf-16', {}],
    ['application/json; charset=latin1', {}],
    ['application/json', { 'Content-Encoding': 'gzip' }],
  ])('%s %j is 415', async (type, headers) => {
    expectProblem(await put('{}', { 'Content-Type': type, ...headers }), 415, 'unsupported-media-type');
    await nothingStored();
  });

  it('larger than 1 MiB is 413, and of just that size is read', async () => {
    const padded = (bytes: number) => `{"items":{}${' '.repeat(bytes - 12)}}`;
    expectProblem(await put(padded(1_048_577)), 413, 'body-too-large');
    const answer = await put(padded(1_048_576));
    expect(answer.status, answer.text).toBe(200);
    await nothingStored();
  });
});

describe('addresses', () => {
  it.each([
    ['/studies/SINET/subjects/..%2f..%2fusers', 404],
    ['/studies/SINET/subjects/a%00/visits/V_SCR/forms/DM', 400],
    ['/studies/SINET/subjects/FR01-0001%00', 400],
    ['/studies/SINET/subjects/FR01-0001%2fqueries', 404],
    ['/studies/SINET%2fsubjects', 404],
    ['/studies/%2e%2e%2fSINET/subjects', 404],
    ['/studies/sinet/subjects', 404],
    ['/studies/*/subjects', 404],
    ['/studies/__proto__/subjects', 404],
    ['/studies/constructor/queries', 404],
    ['/studies//subjects', 404],
    ['//studies/SINET/subjects', 404],
    ['/studies/SINET/subjects/%ff', 400],
    ['/studies/SINET/subjects/%zz', 400],
    [`/studies/SINET/subjects/${'x'.repeat(101)}`, 400],
    ['/studies/SINET/queries/FR01-0001-Q1%27--', 404],
    ['/nothing', 404],
  ])('%s is %i', async (path, status) => {
    const answer = await trial.as('dataManager').get(path);
    expect(answer.status, answer.text).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    await nothingStored();
  });

  it.each(['subjects/%00/locks', 'queries/%00-Q1/answer'])(
    '%s is refused also for who may not write there',
    async (path) => {
      const answer = await trial.as('statistician').post(`/studies/SINET/${path}`, { text: 'x' });
      expectProblem(answer, 404, 'not-found');
    },
  );

  it.each([
    ['subjects?site=FR01&site=DE01', 'site'],
    ['subjects?limit=1&limit=2', 'limit'],
    ['subjects?asOf=1&asOf=2', 'asOf'],
    ['queries?status=open&status=closed', 'status'],
    ['queries?age=-1', 'age'],
    ['queries?age=1e3', 'age'],
    ['queries?age=99999999999999999999', 'age'],
    ['subjects?limit=0', 'limit'],
    ['subjects?limit=1001', 'limit'],
    ['subjects?limit=ten', 'limit'],
    ['subjects?q=a%00', 'q'],
    ['subjects?cursor=AAAA', 'cursor'],
    ['outcomes?endpoint=OS&endpoint=DSDTH', 'endpoint'],
  ])('%s is 400 and names the parameter', async (query, parameter) => {
    const answer = await trial.as('dataManager').get(`${STUDY}/${query}`);
    expectProblem(answer, 400, 'invalid-request');
    expect(answer.body.parameter).toBe(parameter);
  });

  it.each(['36500', '3000000', '2147483648', '9007199254740991'])(
    'an age of %s days is no fault',
    async (age) => {
      for (const asOf of ['', `&asOf=${sizes.SINET! - 1}`]) {
        const answer = await trial.as('dataManager').get(`${STUDY}/queries?age=${age}${asOf}`);
        expect(answer.status, answer.text).toBe(200);
        expect(answer.body.items).toEqual([]);
      }
    },
  );

  it('another method than an address has is 405 with Allow', async () => {
    const answer = await trial.as('administrator').delete(`${STUDY}/subjects`, {});
    expectProblem(answer, 405, 'method-not-allowed');
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
    await nothingStored();
  });

  it('bytes that are no HTTP are answered as a problem too', async () => {
    const { port, hostname } = new URL(trial.started.server.url);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => socket.write('NOT HTTP\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('application/problem+json');
  });
});

describe('the log', () => {
  it('is written to after all that as before', async () => {
    const path = formPath(subject, 'V_SCR', 'CS');
    const first = await trial.as('coordinator').put(path, { items: { 'I.CS.STOOLS': 3 } });
    expect(first.status).toBe(201);
    const second = await trial
      .as('coordinator')
      .patch(path, { items: { 'I.CS.STOOLS': 4 }, reason }, ifMatch(first));
    expect(second.status).toBe(200);
    expect((await trial.logSizes()).SINET).toBe(sizes.SINET! + 2);
  });
});
