import { XmlDocument } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { ageFigure } from './age-figure.js';
import { enrolmentOf } from './enrolment.js';
import { enrolmentFigure } from './enrolment-figure.js';

function found(svg: string, path: string): string[] {
  const document = XmlDocument.fromString(svg);
  try {
    return document.find(path, { s: 'http://www.w3.org/2000/svg' }).map((node) => node.content);
  } finally {
    document.dispose();
  }
}

const counts = [{ site: 'FR01', month: '2025-11', count: 2 }];
const at = { today: '2026-02-10', whole: true };
const enrolment = enrolmentOf(counts, [], { target: 300, months: 36 }, at);

describe('the figure of enrolment', () => {
  it('shows who was enrolled, and the plan as a dashed line to its end', () => {
    const svg = enrolmentFigure(enrolment);
    expect(svg).toBe(enrolmentFigure(enrolment));
    expect(found(svg, '//s:desc')).toEqual([
      '2 subjects of 300 planned, in 4 months of 36; the plan is the dashed line.',
    ]);
    expect(found(svg, '//s:path/@stroke-dasharray')).toEqual(['9 4', 'none']);
    const [planned, enrolled] = found(svg, '//s:path/@d').map((path) => path.split('L').length);
    expect([planned, enrolled]).toEqual([37, 5]);
    expect(found(svg, '//s:path/@d')[0]).toMatch(/L696 /);
    expect(found(svg, '//s:text')).toEqual(expect.arrayContaining(['Enrolled', 'Planned']));
  });

  it('can be drawn of nobody, and without a plan', () => {
    const svg = enrolmentFigure(enrolmentOf([], [], undefined, at));
    expect(found(svg, '//s:path')).toHaveLength(1);
    expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
  });
});

describe('the figure of ages', () => {
  it('has a bar of open and one of answered queries for each span', () => {
    const ages = [
      { site: 'FR01', status: 'open', days: 7, count: 3 },
      { site: 'FR01', status: 'answered', days: 200, count: 2 },
    ];
    const svg = ageFigure(ages);
    expect(found(svg, '//s:desc')[0]).toMatch(
      /^0–7 days: 3 open, 0 answered;.*over 90 days: 0 open, 2 answered/,
    );
    const heights = found(svg, '//s:rect[@stroke]/@height').map(Number);
    expect(heights.filter((height) => height > 0)).toHaveLength(2);
    expect(ageFigure([])).not.toMatch(/NaN|Infinity|undefined|null/);
  });
});
