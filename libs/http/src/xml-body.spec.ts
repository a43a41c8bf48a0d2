import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Problem } from '#problem';
import { XML_BODY_LIMIT, xmlBody } from './xml-body.js';

const MEBIBYTE = 1_048_576;
const body = (mebibytes: number) =>
  Readable.from(Array.from({ length: mebibytes }, () => Buffer.alloc(MEBIBYTE)));

async function sizeOf(pieces: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0;
  for await (const piece of pieces) size += piece.length;
  return size;
}

describe('an XML body', () => {
  it('is only what came as one', () => {
    expect(xmlBody({ a: 1 })).toBeUndefined();
    expect(xmlBody(undefined)).toBeUndefined();
  });

  it('is read whole up to its limit, and refused past it however it is announced', async () => {
    const most = XML_BODY_LIMIT / MEBIBYTE;
    expect(await sizeOf(xmlBody(body(most))!)).toBe(XML_BODY_LIMIT);
    await expect(sizeOf(xmlBody(body(most + 1))!)).rejects.toThrow(Problem);
  });

  it('passes to its end where its reader stops early', async () => {
    const stream = body(8);
    for await (const _ of xmlBody(stream)!) break;
    await expect.poll(() => stream.readableEnded).toBe(true);
  });
});
