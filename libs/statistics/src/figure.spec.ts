import { XmlDocument } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { aalenJohansen } from './aalen-johansen.js';
import { drawFigure, type Figure } from './figure.js';
import { kaplanMeier } from './kaplan-meier.js';
import type { Observation } from './observation.js';
import { pText } from './p-text.js';

const year = 365.25;
/** Event and censoring in turn, every so many days. */
const every = (days: number): Observation[] =>
  Array.from({ length: 20 }, (_, i) => ({ time: (i + 1) * days, event: ([1, 0, 2, 1] as const)[i % 4]! }));

const figure = (curve: typeof kaplanMeier = kaplanMeier, groups = [every(60), every(90)]): Figure => ({
  title: 'Death from the tumour',
  labels: { x: 'Years since inclusion', y: 'Probability' },
  groups: groups.map((all, i) => ({ label: `Arm ${'ABCDEFGH'[i]}`, curve: curve(all) })),
  horizon: 5 * year,
  unit: year,
  note: 'Log-rank p = 0.040',
});

/** The texts under an XPath; throws where the SVG is not well-formed. */
function found(svg: string, path: string): string[] {
  const document = XmlDocument.fromString(svg);
  try {
    return document.find(path, { s: 'http://www.w3.org/2000/svg' }).map((node) => node.content);
  } finally {
    document.dispose();
  }
}

describe('a figure', () => {
  it('is the same bytes for the same data', () => {
    expect(drawFigure(figure())).toBe(drawFigure(figure()));
    expect(drawFigure(figure())).not.toBe(drawFigure(figure(aalenJohansen)));
  });

  it('is well-formed, and says in words what it shows', () => {
    const svg = drawFigure(figure());
    expect(found(svg, '/s:svg/s:title')).toEqual(['Death from the tumour']);
    expect(found(svg, '/s:svg/s:desc')[0]).toContain('Arm A: 20 subjects, 10 events, 5 competing');
    expect(found(svg, '/s:svg/@role')).toEqual(['img']);
  });

  it('holds nothing from elsewhere, and no number that is none', () => {
    for (const svg of [drawFigure(figure()), drawFigure(figure(aalenJohansen))]) {
      expect(svg.match(/https?:[^"]*/g)).toEqual(['http://www.w3.org/2000/svg']);
      expect(svg).not.toMatch(/NaN|Infinity|undefined|null|<script|style=|e-\d/);
    }
  });

  it('counts those at risk at the labels of the axis', () => {
    const counts = found(drawFigure(figure()), '//s:g[s:text="Number at risk"]/s:text');
    // Of 20 who end every 60 days, those from the 7th on are there after a year.
    expect(counts.slice(1, 8)).toEqual(['Arm A', '20', '14', '8', '2', '0', '0']);
  });

  it('counts at a year of 365.25 days those who are there on day 365', () => {
    const censored: Observation[] = [365, 400].map((time) => ({ time, event: 0 }));
    const counts = found(
      drawFigure(figure(kaplanMeier, [censored])),
      '//s:g[s:text="Number at risk"]/s:text',
    );
    expect(counts.slice(1, 4)).toEqual(['Arm A', '2', '2']);
  });

  it('tells its groups apart by the style of their lines', () => {
    const svg = drawFigure(figure(kaplanMeier, [every(60), every(70), every(80), every(90)]));
    const styles = found(svg, '//s:path[@stroke-width="1.8"]/@stroke-dasharray');
    expect(styles).toHaveLength(4);
    expect(new Set(styles).size).toBe(4);
    expect(found(svg, '//s:line[@stroke-dasharray]/@stroke-dasharray')).toEqual(styles);
  });

  it('ticks the censored on survival curves only', () => {
    const ticks = (svg: string) =>
      found(svg, '//s:path[@stroke-width="1"]/@d').join('').split('M').length - 1;
    expect(ticks(drawFigure(figure(kaplanMeier, [every(60)])))).toBe(5);
    expect(ticks(drawFigure(figure(aalenJohansen, [every(60)])))).toBe(0);
  });

  it('ends a curve with its follow-up, but not where all have had the event', () => {
    const line = (all: Observation[]) =>
      found(drawFigure(figure(kaplanMeier, [all])), '//s:path[@stroke-width="1.8"]/@d')[0]!;
    const last = (path: string) => Number(path.split('H').at(-1));
    expect(last(line([{ time: year, event: 0 }]))).toBeLessThan(300);
    expect(last(line([{ time: year, event: 1 }]))).toBe(696);
  });

  it('can be drawn of nobody', () => {
    const svg = drawFigure(figure(kaplanMeier, [[], every(60)]));
    expect(found(svg, '//s:path[@stroke-width="1.8"]')).toHaveLength(1);
    expect(found(drawFigure({ ...figure(), groups: [] }), '//s:path')).toEqual([]);
  });

  it('escapes what its texts hold', () => {
    const title = 'A < B & "C"\u0001 </title><script>';
    const svg = drawFigure({ ...figure(), title });
    expect(found(svg, '/s:svg/s:title')).toEqual([title.replace('\u0001', '\uFFFD')]);
    expect(svg).not.toContain('<script');
  });
});

describe('a p-value', () => {
  it.each([
    [0.0652, 'p = 0.065'],
    [0.0004, 'p < 0.001'],
    [0.99999, 'p > 0.999'],
  ])('%d is printed as %s', (p, text) => {
    expect(pText(p)).toBe(text);
  });
});
