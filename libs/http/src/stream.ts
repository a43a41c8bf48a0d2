import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { RowFormat } from './accept.js';
import { csvHeader, csvLine, type Row } from './csv.js';

export type StreamFormat = Exclude<RowFormat, 'application/json'>;

/** Lines are sent together in chunks of about so many characters. */
const CHUNK = 16_384;

const contentTypes: Readonly<Record<StreamFormat, string>> = {
  'application/x-ndjson': 'application/x-ndjson',
  'text/csv': 'text/csv; charset=utf-8; header=present',
};

/**
 * Answers with the rows as they come, no faster than they are read and without keeping them. When
 * the reader goes away, the source is ended (`return` is called on its iterator). `columns` gives
 * the columns of a table and their order; NDJSON has the rows as they are.
 */
export function answerRows(
  reply: FastifyReply,
  format: StreamFormat,
  columns: readonly string[],
  rows: AsyncIterable<Row>,
): void {
  reply.header('Content-Type', contentTypes[format]).header('Vary', 'Accept');
  reply.send(rowStream(format, columns, rows));
}

/** The bytes of the rows, pulled from their source only as they are read. */
export function rowStream(
  format: StreamFormat,
  columns: readonly string[],
  rows: AsyncIterable<Row>,
): Readable {
  const lines = format === 'text/csv' ? csvLines(columns, rows) : jsonLines(rows);
  return Readable.from(chunked(lines), { objectMode: false });
}

async function* csvLines(columns: readonly string[], rows: AsyncIterable<Row>): AsyncGenerator<string> {
  yield csvHeader(columns);
  for await (const row of rows) yield csvLine(row, columns);
}

async function* jsonLines(rows: AsyncIterable<Row>): AsyncGenerator<string> {
  for await (const row of rows) yield `${JSON.stringify(row)}\n`;
}

async function* chunked(lines: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let chunk = '';
  for await (const line of lines) {
    chunk += line;
    if (chunk.length < CHUNK) continue;
    yield Buffer.from(chunk);
    chunk = '';
  }
  if (chunk) yield Buffer.from(chunk);
}
