import { drawFigure, pText } from '#statistics';
import { type CurveAnswer, type CurveKind, curveOf } from './curve.js';
import { axisOf } from './curve-horizon.js';

const heights = { survival: 'Survival probability', incidence: 'Cumulative incidence' };
const tests = { 'log-rank': 'Log-rank test', Gray: 'Gray’s test' };

/** The figure of an answer, as SVG. */
export function curveFigure(kind: CurveKind, answer: CurveAnswer, title: string, horizon: number): string {
  const { groups, test } = answer;
  const { x, unit } = axisOf(horizon);
  const note = test && test.p !== null ? `${tests[test.name]}: ${pText(test.p)}` : undefined;
  return drawFigure({
    title,
    labels: { x, y: heights[kind] },
    groups: groups.map((group) => ({
      label: group.arm === null ? 'All' : `Arm ${group.arm}`,
      curve: curveOf(kind, group),
    })),
    horizon,
    unit,
    ...(note !== undefined && { note }),
  });
}
