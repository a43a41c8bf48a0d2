import { decimal, element, text } from '#statistics';
import { type Enrolment, nextMonth, plannedAfter } from './enrolment.js';
import { drawPlot, heightOf, plotFor } from './plot.js';

const MOST_LABELS = 9;

/** Subjects enrolled by the end of each month, and by the plan: to its end, or to today where that is later. */
export function enrolmentFigure({ total, plan, months }: Enrolment): string {
  const isPlanned = plan?.months !== undefined && months.some(({ planned }) => planned !== null);
  const length = Math.max(1, months.length, isPlanned ? plan.months! : 0);
  const planned = isPlanned ? Array.from({ length: length + 1 }, (_, i) => plannedAfter(plan, i)!) : [];
  const plot = plotFor(Math.max(total, ...planned));
  const across = (i: number) => plot.left + ((plot.right - plot.left) * i) / length;
  const path = (counts: readonly number[], dash: string) =>
    element('path', {
      d: `M${counts.map((count, i) => `${decimal(across(i))} ${decimal(heightOf(plot, count))}`).join('L')}`,
      fill: 'none',
      stroke: '#000',
      'stroke-width': 1.8,
      'stroke-dasharray': dash,
    });
  const every = Math.ceil(length / (MOST_LABELS - 1));
  const labels = months[0] ? namesFrom(months[0].month, length) : [];
  const goal = plan ? ` of ${plan.target} planned` : '';
  return drawPlot(
    plot,
    {
      title: 'Enrolment',
      description: `${total} subjects${goal}, in ${months.length} months${isPlanned ? ` of ${plan.months}; the plan is the dashed line` : ''}.`,
      axis: 'Beginning of the month',
    },
    ...labels.flatMap((label, i) =>
      i % every === 0
        ? [text('text', { x: across(i), y: plot.bottom + 19, 'text-anchor': 'middle' }, label)]
        : [],
    ),
    ...(planned.length > 0 ? [...legend(plot.left), path(planned, DASHES)] : []),
    path([0, ...months.map(({ cumulative }) => cumulative)], 'none'),
  );
}

const DASHES = '9 4';

function legend(left: number): string[] {
  return [
    { name: 'Enrolled', dash: 'none', x: left },
    { name: 'Planned', dash: DASHES, x: left + 120 },
  ].flatMap(({ name, dash, x }) => [
    element('line', {
      ...{ x1: x, y1: 46, x2: x + 36, y2: 46 },
      ...{ stroke: '#000', 'stroke-width': 1.8, 'stroke-dasharray': dash },
    }),
    text('text', { x: x + 44, y: 50.5 }, name),
  ]);
}

function namesFrom(first: string, length: number): string[] {
  const names = [first];
  while (names.length < length) names.push(nextMonth(names.at(-1)!));
  return names;
}
