import { type Curve, readCurve } from './curve.js';
import { curveBand, curveLine, dashes } from './figure-curve.js';
import { axes, type Frame } from './figure-frame.js';
import { RISK_ROW, riskTable } from './figure-risk.js';
import { decimal, element, text, widthOf } from './figure-svg.js';

export interface Figure {
  readonly title: string;
  readonly labels: { readonly x: string; readonly y: string };
  readonly groups: readonly { readonly label: string; readonly curve: Curve }[];
  /** Where the axis of time ends, in the unit of the curves' times; more than 0. */
  readonly horizon: number;
  /** So many of that unit make one of the axis. */
  readonly unit: number;
  /** Such as the result of a test; stands where the curves do not run. */
  readonly note?: string;
}

const WIDTH = 720;
const PLOT = 340;

/**
 * Step curves with bands and the numbers at risk, as one SVG document: black on white, groups told apart by
 * the style of their lines, no font or script from elsewhere. Equal figures give equal bytes.
 */
export function drawFigure(figure: Figure): string {
  const { title, labels, groups, horizon, unit, note } = figure;
  const longest = Math.max(0, ...groups.map(({ label }) => widthOf(label, 12)));
  const frame: Frame = {
    left: Math.max(76, longest + 38),
    right: WIDTH - 24,
    top: 76,
    bottom: 76 + PLOT,
    horizon,
    unit,
    ceiling: ceilingOf(figure),
  };
  const table = frame.bottom + 68;
  const height = table + groups.length * RISK_ROW + 14;
  const survival = groups[0]?.curve.kind === 'survival';
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: WIDTH,
      height,
      viewBox: `0 0 ${WIDTH} ${decimal(height)}`,
      role: 'img',
      'aria-labelledby': 'figure-title figure-description',
      'font-family': 'Helvetica, Arial, sans-serif',
    },
    text('title', { id: 'figure-title' }, title),
    text('desc', { id: 'figure-description' }, describe(figure)),
    element('rect', { width: WIDTH, height, fill: '#fff' }),
    text('text', { x: frame.left, y: 28, 'font-size': 16, 'font-weight': 'bold' }, title),
    legend(frame, groups),
    ...groups.map(({ curve }, style) => curveBand(frame, curve, style)).filter(Boolean),
    axes(frame, labels),
    ...groups.map(({ curve }, style) => curveLine(frame, curve, style)).filter(Boolean),
    ...(note ? [noteIn(frame, note, survival)] : []),
    riskTable(frame, groups, table),
  )}\n`;
}

/** Incidences that all stay low are drawn larger. */
function ceilingOf({ groups, horizon }: Figure): number {
  const heights = groups.flatMap(({ curve }) =>
    curve.steps.filter(({ time }) => time <= horizon).map(({ estimate, upper }) => upper ?? estimate),
  );
  const survival = groups.some(({ curve }) => curve.kind === 'survival');
  return survival ? 1 : ([0.1, 0.2, 0.5].find((ceiling) => heights.every((one) => one <= ceiling)) ?? 1);
}

/** In the corner from which the curves run away. */
function noteIn({ left, right, top }: Frame, note: string, survival: boolean): string {
  const place = survival ? { x: right, 'text-anchor': 'end' } : { x: left + 14, 'text-anchor': 'start' };
  const halo = { stroke: '#fff', 'stroke-width': 4, 'paint-order': 'stroke' };
  return text('text', { ...place, y: top + 14, 'font-size': 13, ...halo }, note);
}

function legend({ left }: Frame, groups: Figure['groups']): string {
  let x = left;
  const entries = groups.map(({ label }, style) => {
    const start = x;
    x += 44 + widthOf(label, 13) + 24;
    return [
      element('line', {
        x1: start,
        y1: 50,
        x2: start + 36,
        y2: 50,
        stroke: '#000',
        'stroke-width': 1.8,
        'stroke-dasharray': dashes[style % dashes.length]!,
      }),
      text('text', { x: start + 44, y: 54.5 }, label),
    ].join('\n');
  });
  return element('g', { 'font-size': 13 }, ...entries);
}

/** The figure in words, for who does not see it. */
function describe({ labels, groups, horizon, unit, note }: Figure): string {
  const parts = groups.map(({ label, curve }) => {
    const last = curve.steps.findLast(({ time }) => time <= horizon)?.time;
    const reading = readCurve(curve, Math.min(horizon, last ?? 0));
    const end =
      reading.estimate === null ? '' : `, ${reading.estimate.toFixed(3)} at ${decimal(reading.time / unit)}`;
    const competing = curve.competing > 0 ? `, ${curve.competing} competing` : '';
    return `${label}: ${curve.n} subjects, ${curve.events} events${competing}${end}.`;
  });
  return [`${labels.y} by ${labels.x.toLowerCase()}.`, ...parts, ...(note ? [`${note}.`] : [])].join(' ');
}
