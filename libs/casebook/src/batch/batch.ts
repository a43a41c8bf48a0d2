import type { RecordedEvent } from '#event-store';
import { type Fault, Problem, pointerTo } from '#problem';
import type { FormAddress } from '../address.js';
import { tagAfter } from '../form/enter-form.js';

/** One command as a batch has it: what it is, and the fields that its kind has. */
export interface BatchEntry {
  readonly id: string;
  readonly type: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const MOST_COMMANDS = 1000;

/** @throws Problem invalid-value with every fault's place; body-too-large for too many */
export function readBatch(body: unknown): BatchEntry[] {
  if (!Array.isArray(body)) throw faulty([{ pointer: '', code: 'is-array', message: 'A list of commands.' }]);
  if (body.length > MOST_COMMANDS)
    throw new Problem('body-too-large', `A batch has at most ${MOST_COMMANDS} commands.`);
  const faults: Fault[] = [];
  const ids = new Set<string>();
  const entries = body.flatMap((one: unknown, i): BatchEntry[] => {
    const pointer = pointerTo('', i);
    const { id, type, ...fields } = (isObject(one) ? one : {}) as Record<string, unknown>;
    const fault = (name: string, code: string, message: string) =>
      faults.push({ pointer: pointerTo(pointer, name), code, message });
    if (!isObject(one)) faults.push({ pointer, code: 'is-object', message: 'A command is an object.' });
    else if (typeof id !== 'string' || !/^[\w.:-]{1,64}$/.test(id))
      fault('id', 'invalid-id', '1 to 64 letters, digits, and . : _ -');
    else if (ids.has(id)) fault('id', 'repeated-id', 'Another command before has this id.');
    else if (typeof type !== 'string') fault('type', 'is-string', 'The name of a command.');
    else {
      ids.add(id);
      return [{ id, type, fields }];
    }
    return [];
  });
  if (faults.length > 0) throw faulty(faults);
  return entries;
}

/** What a command named that another makes: `#` and that one's id. */
const REFERENCE = /^#(.+)$/;

/**
 * The thing that a field names: itself, or what an earlier command of the batch made.
 *
 * @throws Problem invalid-value for a command that is not before it, or made no such thing
 */
export function named(
  field: 'subject' | 'query',
  value: unknown,
  made: ReadonlyMap<string, readonly RecordedEvent[]>,
): string {
  if (typeof value !== 'string')
    throw faulty([{ pointer: `/${field}`, code: 'is-string', message: `Which ${field} it is.` }]);
  const id = REFERENCE.exec(value)?.[1];
  if (id === undefined) return value;
  const data = made.get(id)?.map((event) => event.data as Partial<Record<typeof field, string>>) ?? [];
  const found = data.find((one) => one[field] !== undefined)?.[field];
  if (found !== undefined) return found;
  const message = `No command ${id} before made a ${field}.`;
  throw faulty([{ pointer: `/${field}`, code: 'unknown-reference', message }]);
}

/** The header `If-Match` that stands for what a form's `ifMatch` names: the state that an earlier command left, say. */
export function ifMatchNamed(
  value: unknown,
  address: FormAddress,
  made: ReadonlyMap<string, readonly RecordedEvent[]>,
): string | undefined {
  if (typeof value !== 'string') return undefined;
  const id = REFERENCE.exec(value)?.[1];
  const tag = id === undefined ? undefined : tagAfter(made.get(id) ?? [], address);
  return tag === undefined ? value : `"${tag}"`;
}

function faulty(errors: Fault[]): Problem {
  const [only] = errors;
  const detail = errors.length === 1 && only ? only.message : `The batch has ${errors.length} faults.`;
  return new Problem('invalid-value', detail, { errors });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
