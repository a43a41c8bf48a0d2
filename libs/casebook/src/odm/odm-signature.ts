import type { RecordedEvent } from '#event-store';
import type { AdminData, Annotation, Signature } from '#odm';
import type { CompiledStudy } from '#study';
import { parseKey } from '#values';
import type { CasebookEvent } from '../casebook.js';
import { isThereFor, type Reader } from '../form/view.js';
import { viewSignature } from '../signature/signature.view.js';
import {
  type ChangedForm,
  foldSignature,
  type SignatureEvent,
  type SignatureState,
} from '../signature/signature-state.js';
import { annotationOf, type Trace } from './odm-annotation.js';
import { inForms, type PlaceSetting, type SubjectContent } from './odm-place.js';

export type OnSignature = SignatureEvent & RecordedEvent;

export interface SignatureSetting extends PlaceSetting {
  readonly site: string;
  readonly audit: boolean;
  readonly signing: Signing;
}

/** How a signature was broken, as far as the reader may know of it. */
interface Break {
  readonly at: string;
  readonly by: string;
  readonly changed: readonly ChangedForm[];
}

/**
 * What a document must know of the signatures in it before it comes to them: those who signed and what they meant
 * stand at its head, and that a signature is broken stands beside it.
 */
export class Signing {
  private readonly defs = new Map<string, string>();
  private readonly names = new Map<string, string>();
  private readonly breaks = new Map<string, Break>();

  /**
   * @param signed the terms in which it was given
   * @param now the terms of the casebook, which may ask for more since
   */
  add(
    state: SignatureState,
    signed: CompiledStudy,
    now: CompiledStudy,
    reader: Pick<Reader, 'arms' | 'item'>,
  ): void {
    if (!viewSignature(state, signed, reader)) return;
    this.names.set(state.by, state.name);
    if (!this.defs.has(state.meaning)) this.defs.set(state.meaning, `SIGNATURE.${this.defs.size + 1}`);
    const seen = viewSignature(state, now, reader);
    if (!state.broken || seen?.status !== 'broken') return;
    this.breaks.set(state.signature, { ...state.broken, changed: seen.changed });
  }

  /** By person, as they were printed. */
  get signers(): ReadonlyMap<string, string> {
    return this.names;
  }

  get signatureDefs(): NonNullable<AdminData['signatureDefs']> {
    return [...this.defs].map(([meaning, oid]) => ({
      ...{ oid, methodology: 'Electronic' as const, meaning },
      legalReason: 'The legally binding equivalent of the signer’s handwritten signature (21 CFR 11.100)',
    }));
  }

  definedAs(meaning: string): string {
    return this.defs.get(meaning)!;
  }

  breakOf(signature: string): Break | undefined {
    return this.breaks.get(signature);
  }
}

export function isOnSignature(event: CasebookEvent & RecordedEvent): event is OnSignature {
  return event.type === 'SignatureGiven' || event.type === 'SignatureBroken';
}

/** A signature on each form that it covers, or on each changed form that it is broken; undefined where none is told. */
export function signatureAt(
  event: OnSignature,
  trace: Trace,
  setting: SignatureSetting,
): SubjectContent | undefined {
  if (event.type === 'SignatureGiven') return givenAt(event, trace, setting);
  const { signature } = event.data;
  const broken = setting.signing.breakOf(signature);
  if (!broken) return undefined;
  const forms = broken.changed.map(({ items, ...at }) => {
    const said = { signature, ...by(broken, setting), items };
    return { at, content: { ...trace, annotations: [annotationOf(event.type, said)] } };
  });
  return inForms(forms, setting);
}

function givenAt(
  event: Extract<OnSignature, { type: 'SignatureGiven' }>,
  trace: Trace,
  setting: SignatureSetting,
): SubjectContent | undefined {
  const { study, reader, oids, signing, site } = setting;
  const state = foldSignature({}, event)[event.data.signature]!;
  const view = viewSignature(state, study, reader);
  if (!view) return undefined;
  const { name, role, definition, hash, openQueries, countersigns } = view;
  const signature: Signature = {
    userOid: view.by,
    locationOid: site,
    signatureOid: signing.definedAs(view.meaning),
    dateTimeStamp: view.at,
  };
  const broken = brokenBeside(view.signature, setting);
  const signed = (form: string) =>
    state.items.filter((oid) => {
      const item = study.item(oid);
      return item?.formOid === parseKey(form)?.oid && isThereFor(reader, item!);
    });
  const forms = view.scope.map(({ revision, ...at }) => {
    const said = {
      ...{ signature: view.signature, name, role, revision, definition, hash, openQueries, countersigns },
      items: signed(at.form).map((oid) => oids.item.get(oid) ?? oid),
    };
    return { at, content: { ...trace, signature, annotations: [annotationOf(event.type, said), ...broken] } };
  });
  return inForms(forms, setting);
}

/** So that whoever reads a signature sees there that it holds no more, when and by what it was broken. */
function brokenBeside(signature: string, setting: SignatureSetting): Annotation[] {
  const broken = setting.signing.breakOf(signature);
  if (!broken) return [];
  const { at, changed } = broken;
  return [annotationOf('SignatureBroken', { signature, at, ...by(broken, setting), changed }, 2)];
}

const by = ({ by }: Break, { audit }: SignatureSetting) => (audit ? { by } : {});
