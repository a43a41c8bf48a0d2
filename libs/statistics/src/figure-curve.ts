import type { Curve } from './curve.js';
import { across, type Frame, up } from './figure-frame.js';
import { decimal, element } from './figure-svg.js';

/** Styles of line, told apart without colour. */
export const dashes = ['none', '9 4', '2 3', '12 4 2 4', '5 2', '12 3 2 3 2 3'] as const;

/** Where a curve runs level. */
interface Level {
  readonly from: number;
  readonly to: number;
  readonly estimate: number;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** From 0 to the last observation; to the horizon where nothing more can happen to anybody. */
function levelsOf({ kind, steps }: Curve, horizon: number): Level[] {
  const shown = steps.filter(({ time }) => time <= horizon);
  const last = steps.at(-1);
  if (!last) return [];
  const end = last.time > horizon || last.censored === 0 ? horizon : last.time;
  const start = { time: 0, estimate: kind === 'survival' ? 1 : 0, lower: null, upper: null };
  return [start, ...shown].map(({ time, estimate, lower, upper }, i) => ({
    from: time,
    to: shown[i]?.time ?? end,
    estimate,
    lower,
    upper,
  }));
}

/** The line with its band, and a tick at each time at which somebody was censored, where it falls. */
export function curveLine(frame: Frame, curve: Curve, style: number): string {
  const levels = levelsOf(curve, frame.horizon);
  if (levels.length === 0) return '';
  const dash = dashes[style % dashes.length]!;
  const line = trace(frame, levels, ({ estimate }) => estimate);
  const censored = curve.steps.filter((step) => step.censored > 0 && step.time <= frame.horizon);
  const ticks = censored.map(({ time, estimate }) => {
    const [x, y] = [across(frame, time), up(frame, estimate)];
    return `M${decimal(x)} ${decimal(y - 4)}V${decimal(y + 4)}`;
  });
  return element(
    'g',
    { fill: 'none', stroke: '#000' },
    element('path', { d: `M${line}`, 'stroke-width': 1.8, 'stroke-dasharray': dash }),
    ...(curve.kind === 'survival' && ticks.length > 0
      ? [element('path', { d: ticks.join(''), 'stroke-width': 1 })]
      : []),
  );
}

/** The pointwise limits, where there are any. */
export function curveBand(frame: Frame, curve: Curve, style: number): string {
  const levels = levelsOf(curve, frame.horizon).filter(
    ({ lower, upper }) => lower !== null && upper !== null,
  );
  if (levels.length === 0) return '';
  const backwards = levels.map(({ from, to, ...level }) => ({ ...level, from: to, to: from })).reverse();
  const upper = trace(frame, levels, (level) => level.upper!);
  const lower = trace(frame, backwards, (level) => level.lower!);
  return element('path', {
    d: `M${upper}L${lower}Z`,
    fill: style % 2 === 0 ? '#000' : '#777',
    'fill-opacity': '0.13',
    stroke: '#777',
    'stroke-width': 0.5,
    'stroke-dasharray': dashes[style % dashes.length]!,
  });
}

function trace(frame: Frame, levels: readonly Level[], height: (level: Level) => number): string {
  const points = levels.map((level, i) => {
    const y = decimal(up(frame, height(level)));
    const start = i === 0 ? `${decimal(across(frame, level.from))} ${y}` : `V${y}`;
    return `${start}H${decimal(across(frame, level.to))}`;
  });
  return points.join('');
}
