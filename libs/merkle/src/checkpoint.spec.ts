import { describe, expect, it } from 'vitest';
import { formatCheckpoint, openCheckpoint, parseCheckpoint, signCheckpoint } from './checkpoint.js';
import { privateKeyFromSeed } from './ed25519.js';
import { emptyRoot } from './hash.js';
import { InvalidNote } from './invalid-note.js';
import { signNote } from './note.js';
import { noteKey } from './note-key.js';

// The specification's example.
const ROOT = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';
const TEXT = `example.com/behind-the-sofa\n20852163\n${ROOT}\n`;
const CHECKPOINT = {
  origin: 'example.com/behind-the-sofa',
  size: 20_852_163,
  root: Buffer.from(ROOT, 'base64'),
};

describe('the text of a checkpoint', () => {
  it('is read and written', () => {
    expect(parseCheckpoint(TEXT)).toEqual(CHECKPOINT);
    expect(formatCheckpoint(CHECKPOINT)).toBe(TEXT);
  });

  it('knows the empty tree', () => {
    const text = 'log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n';
    expect(formatCheckpoint({ origin: 'log', size: 0, root: emptyRoot })).toBe(text);
    expect(parseCheckpoint(text).size).toBe(0);
  });

  it('may have extension lines', () => {
    expect(parseCheckpoint(`${TEXT}extension\n`)).toEqual(CHECKPOINT);
  });

  it.each([
    '',
    'log\n1\n',
    TEXT.slice(0, -1),
    `\n1\n${ROOT}\n`,
    `${TEXT}\n`,
    `${TEXT}extension`,
    `${TEXT}\nextension\n`,
    ...['', '01', '00', '+1', '-1', '1.0', '1e3', '0x1', ' 1', '9007199254740992'].map(
      (size) => `log\n${size}\n${ROOT}\n`,
    ),
    ...['AAAA', ROOT.slice(0, -1), ROOT.replace('2I=', '2J='), ROOT.replace('/', '_')].map(
      (root) => `log\n1\n${root}\n`,
    ),
  ])('is refused when it is %j', (text) => {
    expect(() => parseCheckpoint(text)).toThrow(InvalidNote);
  });

  it.each([
    { ...CHECKPOINT, origin: '' },
    { ...CHECKPOINT, origin: 'log\n5' },
    { ...CHECKPOINT, size: -1 },
    { ...CHECKPOINT, size: 1.5 },
    { ...CHECKPOINT, root: CHECKPOINT.root.subarray(1) },
  ])('is not written for %o', (checkpoint) => {
    expect(() => formatCheckpoint(checkpoint)).toThrow(InvalidNote);
  });
});

describe('signed checkpoints', () => {
  const privateKey = privateKeyFromSeed(Buffer.alloc(32, 7));
  const key = noteKey(CHECKPOINT.origin, privateKey);

  it('are opened by a key of their origin', () => {
    const note = signCheckpoint(CHECKPOINT, privateKey);
    expect(note.startsWith(`${TEXT}\n— example.com/behind-the-sofa `)).toBe(true);
    expect(openCheckpoint(note, [key])).toEqual(CHECKPOINT);
  });

  it('are refused when another log’s key signed them', () => {
    const note = signNote(TEXT, 'example.com/other', privateKey);
    const other = noteKey('example.com/other', privateKey);
    expect(() => openCheckpoint(note, [key, other])).toThrow('no key of example.com/behind-the-sofa');
  });

  it('are refused when the size was changed', () => {
    const note = signCheckpoint(CHECKPOINT, privateKey).replace('20852163', '20852164');
    expect(() => openCheckpoint(note, [key])).toThrow('is wrong');
  });
});
