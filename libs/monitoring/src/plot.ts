import { element, text } from '#statistics';

/** A plot's rectangle, and the count at its top. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly ceiling: number;
}

const WIDTH = 720;
const HEIGHT = 440;

/** The least of 1, 2 or 5 times a power of ten by which at most five steps reach `most`, times five. */
export function plotFor(most: number): Plot {
  const step = Math.max(1, most / 5);
  const magnitude = 10 ** Math.floor(Math.log10(step));
  const apart = [1, 2, 5, 10].map((one) => one * magnitude).find((one) => one >= step)!;
  return { left: 76, right: WIDTH - 24, top: 60, bottom: HEIGHT - 64, ceiling: apart * 5 };
}

export const heightOf = ({ top, bottom, ceiling }: Plot, count: number) =>
  bottom - ((bottom - top) * count) / ceiling;

/** The whole document, black on white, with nothing from elsewhere: equal contents give equal bytes. */
export function drawPlot(
  plot: Plot,
  {
    title,
    description,
    axis,
  }: { readonly title: string; readonly description: string; readonly axis: string },
  ...contents: readonly string[]
): string {
  const { left, right, top, bottom, ceiling } = plot;
  const line = (x1: number, y1: number, x2: number, y2: number) =>
    element('line', { x1, y1, x2, y2, stroke: '#000', 'stroke-width': 1 });
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: WIDTH,
      height: HEIGHT,
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: 'img',
      'aria-labelledby': 'figure-title figure-description',
      'font-family': 'Helvetica, Arial, sans-serif',
      'font-size': 13,
    },
    text('title', { id: 'figure-title' }, title),
    text('desc', { id: 'figure-description' }, description),
    element('rect', { width: WIDTH, height: HEIGHT, fill: '#fff' }),
    text('text', { x: left, y: 28, 'font-size': 16, 'font-weight': 'bold' }, title),
    line(left, top, left, bottom),
    line(left, bottom, right, bottom),
    ...[0, 1, 2, 3, 4, 5].flatMap((part) => {
      const count = (ceiling * part) / 5;
      const y = heightOf(plot, count);
      return [
        line(left - 5, y, left, y),
        text('text', { x: left - 9, y: y + 4.5, 'text-anchor': 'end' }, String(count)),
      ];
    }),
    text('text', { x: (left + right) / 2, y: bottom + 44, 'text-anchor': 'middle' }, axis),
    ...contents,
  )}\n`;
}
