import { type Curve, readCurve } from './curve.js';
import { across, type Frame, ticksOf } from './figure-frame.js';
import { element, text } from './figure-svg.js';

export const RISK_ROW = 18;

/** How many of each group were still at risk, beneath the labels of the axis. */
export function riskTable(
  frame: Frame,
  groups: readonly { readonly label: string; readonly curve: Curve }[],
  top: number,
): string {
  const { left, unit } = frame;
  const row = (index: number) => top + (index + 1) * RISK_ROW;
  return element(
    'g',
    { 'font-size': 12 },
    text('text', { x: left, y: top, 'font-weight': 'bold' }, 'Number at risk'),
    ...groups.flatMap(({ label, curve }, index) => [
      text('text', { x: left - 26, y: row(index), 'text-anchor': 'end' }, label),
      ...ticksOf(frame).map((tick) => {
        // Times are whole, and a tick may stand for a broken one, as a year of 365.25 days does.
        const { atRisk } = readCurve(curve, Math.floor(tick * unit));
        const x = across(frame, tick * unit);
        return text('text', { x, y: row(index), 'text-anchor': 'middle' }, String(atRisk));
      }),
    ]),
  );
}
