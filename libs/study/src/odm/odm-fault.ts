import type { Fault } from '#problem';
import type { Imported } from './odm-import.js';
import type { Kind } from './odm-oids.js';
import type { Place } from './odm-place.js';

const elements: Readonly<Record<string, { kind: Kind; name: string }>> = {
  visits: { kind: 'visit', name: 'StudyEventDef' },
  forms: { kind: 'form', name: 'FormDef' },
  groups: { kind: 'group', name: 'ItemGroupDef' },
  items: { kind: 'item', name: 'ItemDef' },
  codeLists: { kind: 'codeList', name: 'CodeList' },
};

/** A fault of a definition at the element of the ODM document that it came from; what follows stands in words. */
export function placeOfFault(fault: Fault, { definition, oids }: Imported, study: Place): Fault {
  const tokens = fault.pointer.slice(1).split('/');
  let node: unknown = definition;
  let place = study;
  let rest = tokens;
  for (const [i, token] of tokens.entries()) {
    const parent = tokens[i - 1] ?? '';
    node = (node as Record<string, unknown> | undefined)?.[token];
    const element = elements[parent];
    const { oid } = (node ?? {}) as { oid?: string };
    if (!element || oid === undefined) continue;
    place = study.in('MetaDataVersion').in(element.name, oids[element.kind].get(oid) ?? oid);
    rest = tokens.slice(i + 1);
  }
  const what = rest.length > 0 ? `${rest.join('/')}: ` : '';
  return { ...fault, pointer: place.path, message: `${what}${fault.message}` };
}
