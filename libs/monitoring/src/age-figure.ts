import { element, text } from '#statistics';
import { drawPlot, heightOf, plotFor } from './plot.js';
import type { AgeCount } from './query-ages.js';

/** From so many days, to so many. */
const bins = [
  [0, 7],
  [8, 14],
  [15, 30],
  [31, 60],
  [61, 90],
  [91, Infinity],
] as const;

/** How old open and answered queries are: a bar for each span of days, the answered on top of the open. */
export function ageFigure(ages: readonly AgeCount[]): string {
  const within = (status: string, from: number, to: number) =>
    ages.reduce(
      (all, one) => all + (one.status === status && one.days >= from && one.days <= to ? one.count : 0),
      0,
    );
  const bars = bins.map(([from, to]) => ({
    label: to === Infinity ? `over ${from - 1}` : `${from}–${to}`,
    open: within('open', from, to),
    answered: within('answered', from, to),
  }));
  const plot = plotFor(Math.max(...bars.map(({ open, answered }) => open + answered)));
  const width = (plot.right - plot.left) / bins.length;
  const bar = (n: number, from: number, to: number, fill: string) =>
    element('rect', {
      x: plot.left + (n + 0.15) * width,
      y: heightOf(plot, to),
      width: width * 0.7,
      height: heightOf(plot, from) - heightOf(plot, to),
      fill,
      stroke: '#000',
    });
  const all = (status: string) => within(status, 0, Infinity);
  return drawPlot(
    plot,
    {
      title: `Ages of queries: ${all('open')} open (black), ${all('answered')} answered (white)`,
      description: `${bars.map((one) => `${one.label} days: ${one.open} open, ${one.answered} answered`).join('; ')}.`,
      axis: 'Days since the query was raised',
    },
    ...bars.flatMap((one, n) => [
      bar(n, 0, one.open, '#000'),
      bar(n, one.open, one.open + one.answered, '#fff'),
      text(
        'text',
        { x: plot.left + (n + 0.5) * width, y: plot.bottom + 19, 'text-anchor': 'middle' },
        one.label,
      ),
    ]),
  );
}
