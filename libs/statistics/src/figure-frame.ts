import { decimal, element, text } from './figure-svg.js';

/** The rectangle in which the curves run, and what its axes mean. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** In the unit of the curves' times. */
  readonly horizon: number;
  /** So many of that unit make one of the axis: 365.25 for an axis of years and times in days. */
  readonly unit: number;
  /** The probability at the top. */
  readonly ceiling: number;
}

export const across = ({ left, right, horizon }: Frame, time: number) =>
  left + ((right - left) * Math.min(Math.max(time, 0), horizon)) / horizon;

export const up = ({ top, bottom, ceiling }: Frame, probability: number) =>
  bottom - ((bottom - top) * Math.min(probability, ceiling)) / ceiling;

/** Where the axis of time is labelled, in its own unit: at most nine places, evenly from 0. */
export function ticksOf({ horizon, unit }: Frame): number[] {
  const length = horizon / unit;
  const magnitude = 10 ** Math.floor(Math.log10(length / 8));
  const apart = [1, 2, 5, 10].map((step) => step * magnitude).find((step) => length / step <= 8.01)!;
  const count = Math.floor(length / apart + 0.01);
  return Array.from({ length: count + 1 }, (_, i) => i * apart);
}

export function axes(frame: Frame, labels: { readonly x: string; readonly y: string }): string {
  const { left, right, top, bottom, unit, ceiling } = frame;
  const line = (x1: number, y1: number, x2: number, y2: number) =>
    element('line', { x1, y1, x2, y2, stroke: '#000', 'stroke-width': 1 });
  const middle = (top + bottom) / 2;
  return element(
    'g',
    { 'font-size': 13 },
    line(left, top, left, bottom),
    line(left, bottom, right, bottom),
    ...[0, 1, 2, 3, 4, 5].flatMap((part) => {
      const probability = (ceiling * part) / 5;
      const y = up(frame, probability);
      return [
        line(left - 5, y, left, y),
        text(
          'text',
          { x: left - 9, y: y + 4.5, 'text-anchor': 'end' },
          probability.toFixed(ceiling < 0.5 ? 2 : 1),
        ),
      ];
    }),
    ...ticksOf(frame).flatMap((tick) => {
      const x = across(frame, tick * unit);
      return [
        line(x, bottom, x, bottom + 5),
        text('text', { x, y: bottom + 19, 'text-anchor': 'middle' }, decimal(tick)),
      ];
    }),
    text('text', { x: (left + right) / 2, y: bottom + 40, 'text-anchor': 'middle' }, labels.x),
    text(
      'text',
      {
        x: left - 42,
        y: middle,
        'text-anchor': 'middle',
        transform: `rotate(-90 ${decimal(left - 42)} ${decimal(middle)})`,
      },
      labels.y,
    ),
  );
}
