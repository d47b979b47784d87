import { type PatientGraph } from '../nodes';
import { type Trend, type TrendPoint, trendsOf } from '../trends';
import { type Drawing, INNER, type PicturePart } from './drawing';
import { PALE, RULE } from './palette';
import { clipped, element, svgText, titled } from './svg';
import { amountText } from './value-text';

const COLUMNS = 4;
const MOST = 12;
const HEIGHT = 142;
const GAP = 20;
const WIDE = (INNER - GAP * (COLUMNS - 1)) / COLUMNS;
const PLOT = { top: 46, bottom: 116, left: 8, right: WIDE - 8 };

/** The tests with the most values, each in one unit, whichever hospital has measured. */
export function drawTrends(graph: PatientGraph, drawing: Drawing): PicturePart {
  const trends = [...trendsOf(graph)].sort((one, other) => other.points.length - one.points.length).slice(0, MOST);
  const content = trends.map((trend, at) => {
    const [x, y] = [(at % COLUMNS) * (WIDE + GAP), Math.floor(at / COLUMNS) * (HEIGHT + GAP)];
    return element('g', { transform: `translate(${Math.round(x)} ${y})` }, drawTrend(trend, drawing));
  });
  return { height: Math.ceil(trends.length / COLUMNS) * (HEIGHT + GAP), content: content.join('\n') };
}

function drawTrend({ label, unit, points }: Trend, drawing: Drawing): string {
  const amounts = points.map(({ amount }) => amount);
  const [low, high] = [Math.min(...amounts), Math.max(...amounts)];
  const [first = 0, last = 0] = [points[0]?.millis, points.at(-1)?.millis];
  const x = (millis: number): number => PLOT.left + ((millis - first) / Math.max(last - first, 1)) * (PLOT.right - PLOT.left);
  const y = (amount: number): number => PLOT.bottom - ((amount - low) / (high - low || 1)) * (PLOT.bottom - PLOT.top);
  const day = (millis: number): string => new Date(millis).toISOString().slice(0, 10);
  const line = points.map((point, at) => `${at === 0 ? 'M' : 'L'} ${x(point.millis).toFixed(1)} ${y(point.amount).toFixed(1)}`).join(' ');
  const small = { 'font-size': 11, fill: PALE };
  return [
    element('rect', { width: WIDE, height: HEIGHT, fill: 'none', stroke: RULE, rx: 4 }),
    svgText(8, 16, clipped(label, 36), { 'font-weight': 600, 'font-size': 12 }),
    svgText(8, 32, clipped(`${amountText(rounded(low))}–${amountText(rounded(high))} ${unit}`, 40), small),
    element('path', { d: line, fill: 'none', stroke: PALE }),
    ...points.map((point) => titled(dot(x(point.millis), y(point.amount), point, drawing), hint(point, unit, drawing))),
    svgText(8, HEIGHT - 8, day(first), small),
    svgText(WIDE - 8, HEIGHT - 8, day(last), { ...small, 'text-anchor': 'end' }),
  ].join('');
}

function dot(cx: number, cy: number, { custodians: [custodian = ''] }: TrendPoint, { colours }: Drawing): string {
  return element('circle', { cx, cy, r: 3.5, fill: colours.get(custodian) ?? PALE });
}

function hint({ comparator, amount, millis, said, custodians }: TrendPoint, unit: string, { nameOf }: Drawing): string {
  const converted = said.unit === unit ? '' : ` (${amountText(said.amount)} ${said.unit})`;
  return `${comparator}${amountText(rounded(amount))} ${unit}${converted}\n${new Date(millis).toISOString()}\n${custodians.map(nameOf).join(', ')}`;
}

function rounded(amount: number): number {
  return Number(amount.toPrecision(4));
}
