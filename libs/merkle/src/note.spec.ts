import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { privateKeyFromSeed, publicKeyBytes, publicKeyFromBytes } from './ed25519.js';
import { InvalidNote } from './invalid-note.js';
import { openNote, signNote } from './note.js';
import { formatVerifierKey, noteKey, parseVerifierKey } from './note-key.js';

// The vectors of golang.org/x/mod/sumdb/note.
const PETER_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const PETER_SEED = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1);
const ENOCH_KEY = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop';
const TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER_LINE =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const ENOCH_LINE =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';

const peter = parseVerifierKey(PETER_KEY);
const enoch = parseVerifierKey(ENOCH_KEY);

describe('verifier keys', () => {
  it('reads and writes them', () => {
    expect(peter).toMatchObject({ name: 'PeterNeumann', id: 'c74f20a3' });
    expect(formatVerifierKey(peter)).toBe(PETER_KEY);
  });

  it('knows a key by its private half, its public half and its bytes', () => {
    const privateKey = privateKeyFromSeed(PETER_SEED);
    for (const key of [privateKey, peter.publicKey, publicKeyBytes(privateKey)]) {
      expect(formatVerifierKey(noteKey('PeterNeumann', key))).toBe(PETER_KEY);
    }
  });

  it('refuses any part of one, and one with any character changed', () => {
    for (let at = 0; at < PETER_KEY.length; at += 1) {
      const next = String.fromCharCode(PETER_KEY.charCodeAt(at) + 1);
      const changed = PETER_KEY.slice(0, at) + next + PETER_KEY.slice(at + 1);
      expect(() => parseVerifierKey(changed)).toThrow(InvalidNote);
      expect(() => parseVerifierKey(PETER_KEY.slice(0, at))).toThrow(InvalidNote);
      expect(() => parseVerifierKey(PETER_KEY.slice(at + 1))).toThrow(InvalidNote);
    }
  });

  it('refuses a key of the wrong length or of another kind, though its id fits', () => {
    const tooLong = 'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==';
    const unknownKind = 'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    expect(() => parseVerifierKey(tooLong)).toThrow(InvalidNote);
    expect(() => parseVerifierKey(unknownKind)).toThrow(InvalidNote);
  });

  it.each(['', 'a b', 'a+b', 'a\u00a0b', 'a\nb'])('refuses the name %j', (name) => {
    expect(() => noteKey(name, peter.publicKey)).toThrow(InvalidNote);
  });

  it('refuses a key of another algorithm', () => {
    expect(() => publicKeyBytes(createSecretKey(Buffer.alloc(32)))).toThrow('not an Ed25519 key');
  });

  it('refuses key bytes of another length', () => {
    expect(() => privateKeyFromSeed(PETER_SEED.subarray(1))).toThrow(RangeError);
    expect(() => publicKeyFromBytes(Buffer.alloc(33))).toThrow(RangeError);
  });
});

describe('signed notes', () => {
  it('signs as Go does', () => {
    expect(signNote(TEXT, 'PeterNeumann', privateKeyFromSeed(PETER_SEED))).toBe(`${TEXT}\n${PETER_LINE}`);
  });

  it('opens what one or all of the known keys signed, and ignores unknown keys', () => {
    const note = `${TEXT}\n${PETER_LINE}${ENOCH_LINE}`;
    expect(openNote(note, [peter])).toEqual({ text: TEXT, signers: [peter] });
    expect(openNote(note, [peter, enoch])).toEqual({ text: TEXT, signers: [peter, enoch] });
    expect(openNote(`${TEXT}\n${PETER_LINE}${PETER_LINE}`, [peter]).signers).toEqual([peter]);
  });

  it('refuses a note that no known key signed', () => {
    expect(() => openNote(`${TEXT}\n${PETER_LINE}`, [enoch])).toThrow('no known key');
    expect(() => openNote(`${TEXT}\n${PETER_LINE}`, [])).toThrow('no known key');
    const namesake = noteKey('PeterNeumann', enoch.publicKey);
    expect(() => openNote(`${TEXT}\n${PETER_LINE}`, [namesake])).toThrow('no known key');
    const renamed = PETER_LINE.replace('PeterNeumann', 'AlfredNeumann');
    expect(() => openNote(`${TEXT}\n${renamed}`, [peter])).toThrow('no known key');
  });

  it('refuses the whole note for one wrong signature of a known key', () => {
    const wrong = ENOCH_LINE.replace('BzmZ', 'BzmY');
    expect(() => openNote(`${TEXT}\n${PETER_LINE}${wrong}`, [peter, enoch])).toThrow(
      'EnochRoot+af0cfe78 is wrong',
    );
    const tooLong = `${PETER_LINE.slice(0, 60)}ABCD${PETER_LINE.slice(60)}`;
    expect(() => openNote(`${TEXT}\n${tooLong}`, [peter])).toThrow('is wrong');
  });

  it('refuses a changed text', () => {
    expect(() => openNote(`${TEXT.replace('answer', 'Answer')}\n${PETER_LINE}`, [peter])).toThrow('is wrong');
  });

  it.each([
    TEXT,
    `${TEXT}\n`,
    `\n${PETER_LINE}`,
    `${TEXT}${PETER_LINE}`,
    `${TEXT}\n${PETER_LINE.slice(0, -1)}`,
    `${TEXT}\n${PETER_LINE.slice(0, -1)} `,
    `\x01${TEXT}\n${PETER_LINE}`,
    `\ud800${TEXT}\n${PETER_LINE}`,
    `${TEXT}\n${PETER_LINE.replace('PeterNeumann', 'Peter Neumann')}`,
    `${TEXT}\n${PETER_LINE.replace('PeterNeumann', 'Peter+Neumann')}`,
    `${TEXT}\n${PETER_LINE.replace('— ', '- ')}`,
    `${TEXT}\n${PETER_LINE.replace('=', '')}`,
    `${TEXT}\n${PETER_LINE}Unexpected line.\n`,
    `${TEXT}\n${PETER_LINE}— EnochRoot rwz+eA==\n`,
    `${TEXT}\n${PETER_LINE.repeat(101)}`,
  ])('refuses the malformed note %#', (note) => {
    expect(() => openNote(note, [peter])).toThrow(/not a signed note|malformed|too many/);
  });

  it('does not sign a text that would not open', () => {
    const key = privateKeyFromSeed(PETER_SEED);
    for (const text of ['', 'no newline', 'a\tb\n', 'a\r\n', '\ud800\n']) {
      expect(() => signNote(text, 'PeterNeumann', key)).toThrow(InvalidNote);
    }
    expect(() => signNote('text\n', 'Peter Neumann', key)).toThrow(InvalidNote);
  });

  it('opens everything it signs, empty lines and signature-like lines included', () => {
    const line = fc.oneof(fc.constantFrom('', PETER_LINE.trim()), fc.stringMatching(/^[ -~ä€😀]*$/u));
    const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), seeds, (lines, seed) => {
        const text = `${lines.join('\n')}\n`;
        const key = noteKey('example.com/log', privateKeyFromSeed(seed));
        const note = signNote(text, key.name, privateKeyFromSeed(seed));
        expect(openNote(note, [key])).toEqual({ text, signers: [key] });
      }),
    );
  });
});
