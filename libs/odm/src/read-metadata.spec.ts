import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Problem } from '#problem';
import { followUp } from './fixtures/follow-up.js';
import { defaultLimits } from './limits.js';
import { readMetadata } from './read-metadata.js';

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name));

const ROOT =
  '<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" FileType="Snapshot" FileOID="F" CreationDateTime="2026-01-31T08:00:00Z">';

/** A document with the given content of its metadata, which begins in line 2. */
const withMetadata = (content: string) =>
  `${ROOT}<Study OID="S"><GlobalVariables><StudyName>S</StudyName><StudyDescription/>` +
  `<ProtocolName>P</ProtocolName></GlobalVariables><MetaDataVersion OID="V" Name="V">\n` +
  `${content}</MetaDataVersion></Study></ODM>`;

async function refusal(source: Parameters<typeof readMetadata>[0], limits = defaultLimits) {
  const error: unknown = await readMetadata(source, limits).catch((thrown: unknown) => thrown);
  if (!(error instanceof Problem)) throw new Error(`no problem, but ${error}`);
  return { code: error.code, errors: error.details.errors ?? [] };
}

describe('a document in ODM 1.3.2', () => {
  it('is read with its units, and its extensions are listed with their places', async () => {
    const { version, document, unsupported } = await readMetadata([fixture('follow-up-1.3.2.xml')]);
    const units = structuredClone(followUp);
    units.studies[0]!.measurementUnits = [
      {
        oid: 'MU.KG',
        name: 'kilogram',
        symbol: { '': 'kg' },
        aliases: [{ context: 'UCUM', name: 'kg' }],
      },
    ];
    units.studies[0]!.metaDataVersions[0]!.items[0]!.measurementUnitOids = ['MU.KG'];
    expect(version).toBe('1.3.2');
    expect(document).toEqual(units);
    const within = "/ODM/Study[@OID='ST.FOLLOWUP']/MetaDataVersion[@OID='MDV.1']";
    const reason = 'an extension of urn:acme:edc';
    expect(unsupported).toEqual([
      { path: '/ODM/@acme:Build', element: '@acme:Build', reason, line: 2, column: 5, count: 1 },
      {
        path: `${within}/ItemGroupDef[@OID='IG.VITALS']/acme:Layout`,
        element: 'acme:Layout',
        reason,
        line: 30,
        column: 21,
        count: 1,
      },
      {
        path: `${within}/ItemDef[@OID='I.WEIGHT']/@acme:Widget`,
        element: '@acme:Widget',
        reason,
        line: 32,
        column: 15,
        count: 2,
      },
    ]);
  });

  it('is the same read byte by byte', async () => {
    const bytes = fixture('follow-up-1.3.2.xml');
    const whole = await readMetadata([bytes]);
    expect(await readMetadata(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  it('names elements out of their order, which is not kept', async () => {
    const { document, unsupported } = await readMetadata([
      withMetadata('<ItemDef OID="I" Name="I" DataType="text"/><FormDef OID="F" Name="F" Repeating="No"/>'),
    ]);
    expect(document.studies[0]?.metaDataVersions[0]?.forms).toHaveLength(1);
    expect(unsupported).toMatchObject([{ element: 'FormDef', count: 1 }]);
  });

  it('names what stands beside the metadata', async () => {
    const { unsupported } = await readMetadata([
      `${ROOT}<ReferenceData StudyOID="S" MetaDataVersionOID="V"/>` +
        '<ClinicalData StudyOID="S" MetaDataVersionOID="V"><SubjectData SubjectKey="1"/></ClinicalData></ODM>',
    ]);
    expect(unsupported.map(({ element, reason }) => [element, reason])).toEqual([
      ['ReferenceData', 'an element that is not modelled'],
      ['ClinicalData', 'clinical data are no metadata'],
    ]);
  });
});

describe('a document in ODM 2.0', () => {
  it('is read into the same model, and texts other than plain are listed', async () => {
    const { version, document, unsupported } = await readMetadata([fixture('follow-up-2.0.xml')]);
    expect(version).toBe('2.0');
    expect(document).toEqual(followUp);
    expect(unsupported).toEqual([
      {
        path: "/ODM/Study[@OID='ST.FOLLOWUP']/Description/odm:TranslatedText",
        element: 'odm:TranslatedText',
        reason: 'a text of type text/html',
        line: 7,
        column: 26,
        count: 1,
      },
    ]);
  });
});

describe('a document with faults', () => {
  it('is refused with every fault and its place', async () => {
    const document = withMetadata(
      '<ItemDef OID="A" Name="A" DataType="number" Length="0"/>\n' +
        '<ItemDef OID="A" DataType="text"><RangeCheck SoftHard="Soft"/></ItemDef>\n' +
        '<CodeList OID="C" Name="C" DataType="text">' +
        '<EnumeratedItem CodedValue="1"/><EnumeratedItem CodedValue="1"/></CodeList>',
    );
    const { code, errors } = await refusal([document]);
    expect(code).toBe('invalid-definition');
    const within = "/ODM/Study[@OID='S']/MetaDataVersion[@OID='V']";
    expect(errors.map(({ pointer, code }) => [pointer, code])).toEqual([
      [`${within}/ItemDef[@OID='A']/@DataType at 2:9`, 'value'],
      [`${within}/ItemDef[@OID='A']/@Length at 2:9`, 'value'],
      [`${within}/ItemDef/@OID at 3:9`, 'duplicate'],
      [`${within}/ItemDef[@OID='A']/RangeCheck at 3:45`, 'content'],
      [`${within}/ItemDef[@OID='A'] at 3:9`, 'missing'],
      [`${within}/CodeList[@OID='C']/EnumeratedItem/@CodedValue at 4:91`, 'duplicate'],
    ]);
  });

  it('is refused where an element stands twice that may stand once', async () => {
    const texts = '<Description><TranslatedText>T</TranslatedText></Description>';
    const { errors } = await refusal([
      withMetadata(
        `<ItemGroupDef OID="G" Name="G" Repeating="No">${texts}<ItemRef ItemOID="A" Mandatory="No"/>${texts}</ItemGroupDef>`,
      ),
    ]);
    expect(errors.map(({ code }) => code)).toEqual(['repeated']);
  });

  it('is refused at the hundredth fault', async () => {
    const { errors } = await refusal([withMetadata('<ItemDef/>'.repeat(1000))]);
    expect(errors).toHaveLength(100);
  });

  it.each([
    ['a tag that is not closed', `${ROOT}<Study`, 'malformed-xml'],
    ['the wrong end tag', `${ROOT}</Study>`, 'malformed-xml'],
    ['an entity that nobody defined', `${ROOT}&nbsp;</ODM>`, 'malformed-xml'],
    ['a character that XML does not have', `${ROOT}&#1;</ODM>`, 'malformed-xml'],
    ['nothing', '', 'malformed-xml'],
    ['another root', '<html xmlns="http://www.w3.org/1999/xhtml"/>', 'not-odm'],
    ['an older ODM', '<ODM xmlns="http://www.cdisc.org/ns/odm/v1.2"/>', 'not-odm'],
  ])('is refused for %s', async (_, document, code) => {
    const { errors } = await refusal([document]);
    expect(errors[0]?.code).toBe(code);
    expect(errors[0]?.pointer).toMatch(/ at \d+:\d+$/);
  });
});

describe('a hostile document', () => {
  const laughs = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join(
    '',
  );

  it.each([
    ['entities of entities', `<!DOCTYPE ODM [<!ENTITY l0 "lol">${laughs}]>${ROOT}&l9;</ODM>`],
    ['an external entity', `<!DOCTYPE ODM [<!ENTITY x SYSTEM "file:///etc/passwd">]>${ROOT}&x;</ODM>`],
    ['an external document type', `<!DOCTYPE ODM SYSTEM "http://127.0.0.1:1/odm.dtd">${ROOT}</ODM>`],
  ])('is refused for %s', async (_, document) => {
    expect((await refusal([document])).errors.map(({ code }) => code)).toEqual(['doctype']);
  });

  it.each([
    ['depth', '<a>'.repeat(100)],
    ['an endless comment', `<!--${'x'.repeat(2_000_000)}`],
    ['an endless text', `<Study OID="${'x'.repeat(2_000_000)}`],
    [
      'texts without end',
      `<Study OID="S"><GlobalVariables><StudyName>${'<![CDATA[xxxxxxxxxx]]>'.repeat(150_000)}`,
    ],
    ['a document type without end', '<!DOCTYPE ODM ['],
  ])('is refused for %s', async (_, content) => {
    const { errors } = await refusal([ROOT, content]);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.code).toMatch(/^(limit|malformed-xml)$/);
  });

  it('is refused for more definitions than there is room for, before it is read to its end', async () => {
    let given = 0;
    function* million() {
      yield withMetadata('').split('</MetaDataVersion>')[0]!;
      for (; given < 1_000_000; given++) yield `<ItemDef OID="${given}" Name="n" DataType="text"/>`;
    }
    const { errors } = await refusal(million(), { ...defaultLimits, definitions: 2_000 });
    expect(errors[0]).toMatchObject({ code: 'limit', message: 'There are more than 2000 definitions.' });
    expect(given).toBeLessThan(2_001);
  });

  it('fills no list with kinds of its own', async () => {
    const kinds = Array.from({ length: 3000 }, (_, n) => `<x:a${n} xmlns:x="urn:x"/>`);
    const { unsupported } = await readMetadata([ROOT, ...kinds, '</ODM>']);
    expect(unsupported).toHaveLength(1001);
    expect(unsupported.at(-1)).toMatchObject({ reason: 'further kinds', count: 2000 });
  });
});

describe('a document in another encoding', () => {
  const content = withMetadata('<ItemDef OID="Ä" Name="Größe" DataType="text"/>');

  it.each<[string, Uint8Array]>([
    ['that it declares', Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${content}`, 'latin1')],
    ['with a byte order mark', Buffer.from(`\ufeff${content}`, 'utf16le')],
    ['with a byte order mark of UTF-8', Buffer.from(`\ufeff${content}`)],
  ])('is read: one %s', async (_, bytes) => {
    const { document } = await readMetadata([bytes]);
    expect(document.studies[0]?.metaDataVersions[0]?.items[0]?.name).toBe('Größe');
  });

  it.each<[string, Uint8Array]>([
    ['bytes that are none of it', Buffer.from(content, 'latin1')],
    ['one that is not known', Buffer.from(`<?xml version="1.0" encoding="EBCDIC-XX"?>${content}`)],
  ])('is refused: %s', async (_, bytes) => {
    expect((await refusal([bytes])).errors[0]?.code).toBe('encoding');
  });
});
