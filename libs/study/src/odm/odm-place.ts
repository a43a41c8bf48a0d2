import { pathOf, type Step, type Tally } from '#odm';
import type { Fault } from '#problem';
import { isCut, lineOf } from './odm-texts.js';

/** A place in an ODM document, where faults are found and what is not carried is noted. */
export class Place {
  constructor(
    private readonly steps: readonly Step[],
    private readonly tally: Tally,
    private readonly faults: Fault[],
  ) {}

  in(name: string, oid?: string): Place {
    const step = { name, ...(oid !== undefined && { identity: { attribute: 'OID', value: oid } }) };
    return new Place([...this.steps, step], this.tally, this.faults);
  }

  /** That something of this element is not carried; `part` is the name of a child, or `@` and an attribute's. */
  note(part: string, reason: string): void {
    this.tally.add(this.steps, part, reason);
  }

  fault(part: string, code: string, message: string): void {
    this.faults.push({ pointer: `${this.path}/${part}`, code, message });
  }

  /** A text of the document as a label. */
  line(text: string): string {
    if (isCut(text)) this.note('TranslatedText', 'shown up to its 200th character');
    return lineOf(text);
  }

  get path(): string {
    return pathOf(this.steps);
  }
}
