import { describe, expect, it } from 'vitest';
import { compile, type Definition, type Endpoint, Lineage, shippedStudies } from '#study';
import { endpointsTelling, tellsArmsApart } from './outcome-reads.js';

const sinet = shippedStudies().find(({ study }) => study.oid === 'SINET')!;
const study = compile(sinet, 1);
const [dueToTumour] = sinet.endpoints as [Endpoint];
const withCauses = (causes: string[]): Endpoint => ({
  ...dueToTumour,
  events: [{ ...dueToTumour.events[0]!, causes }],
});

describe('an endpoint tells the arms apart', () => {
  it('where it is one arm’s, or reads a date or a condition that does', () => {
    const telling = sinet.endpoints.filter((endpoint) => tellsArmsApart(endpoint, study));
    expect(telling.map(({ oid }) => oid)).toEqual(['TTEMS', 'TTCROSS', 'MORT90']);
    expect(tellsArmsApart({ ...dueToTumour, arms: ['A'] }, study)).toBe(true);
  });

  it('where it singles out one cause of death', () => {
    expect(tellsArmsApart(withCauses(['POSTOP']), study)).toBe(true);
    expect(tellsArmsApart(withCauses(['POSTOP', 'SINET']), study)).toBe(false);
  });

  it('by what the newest version says of an item, also one of an earlier version alone', () => {
    const later: Definition = {
      ...sinet,
      endpoints: [],
      forms: sinet.forms.map((form) => ({
        ...form,
        groups: form.groups.map((group) => ({
          ...group,
          items: group.items.map((item) =>
            item.oid === 'I.IM.IMDAT' ? { ...item, revealsArm: true } : item,
          ),
        })),
      })),
    };
    const telling = (...definitions: Definition[]) => {
      const versions = definitions.map((definition, i) => compile(definition, i + 1));
      return [...endpointsTelling(definitions, new Lineage(versions).readAs().item)];
    };
    expect(telling(sinet)).toEqual(['TTEMS', 'TTCROSS', 'MORT90']);
    expect(telling(sinet, later)).toEqual(['PFS', 'TTEMS', 'TTCROSS', 'MORT90']);
  });
});
