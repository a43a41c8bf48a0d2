import { type CasebookCommand, onCasebook } from '../casebook-stream.js';
import { type EraseIdentity, eraseIdentity } from './erasure.js';

/** The command that makes what identifies a subject unreadable, for ever. */
export function erasureCommands() {
  const EraseIdentity: CasebookCommand<EraseIdentity, undefined> = {
    ...onCasebook('EraseIdentity'),
    facts: () => undefined,
    prepare: (command) => command,
    decide: eraseIdentity,
  };
  return { EraseIdentity };
}
