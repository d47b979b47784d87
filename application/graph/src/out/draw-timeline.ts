import { factKinds } from '../facts/fact';
import { type FactNode, isNegated, type PatientGraph } from '../nodes';
import { timelineOf } from '../timeline';
import { custodiansOf, type Drawing, hintOf, INNER, type PicturePart } from './drawing';
import { PALE, RULE } from './palette';
import { kindWords } from './picture-words';
import { element, svgText, titled } from './svg';

/** What was not so, or was not done. */
const HOLLOW = { fill: '#ffffff', stroke: PALE };
const LEFT = 130;
const LANE = 26;
/** More dots than pixels tell nothing. */
const MOST_OF_LANE = 1_500;

/** One lane for each kind, from the first day to the last; a ring is what several documents say. */
export function drawTimeline(graph: PatientGraph, drawing: Drawing): PicturePart {
  const events = timelineOf(graph);
  const lanes = factKinds.filter((kind) => events.some((event) => event.kind === kind));
  const millis = events.map(({ time }) => time?.millis ?? 0);
  if (lanes.length === 0) return { height: 0, content: '' };
  const [first, last] = [millis.reduce((least, each) => Math.min(least, each)), millis.reduce((most, each) => Math.max(most, each))];
  const span = Math.max(last - first, 86_400_000);
  const xOf = (at: number): number => LEFT + ((at - first) / span) * (INNER - LEFT - 10);
  const content = lanes.map((kind, at) => {
    const y = at * LANE + 16;
    const of = events.filter((event) => event.kind === kind).slice(0, MOST_OF_LANE);
    const dots = of.map((event) => dotAt(xOf(event.time?.millis ?? 0), y, event, drawing));
    const line = element('line', { x1: LEFT, y1: y, x2: INNER, y2: y, stroke: RULE });
    return `${svgText(0, y + 4, kindWords[kind][drawing.language])}${line}${dots.join('')}`;
  });
  const bottom = lanes.length * LANE + 20;
  return { height: bottom + 10, content: [...content, yearsAt(first, span, xOf, bottom)].join('\n') };
}

function dotAt(x: number, y: number, event: FactNode, drawing: Drawing): string {
  const custodians = custodiansOf(event);
  const [one = ''] = custodians;
  const colour = drawing.colours.get(one) ?? PALE;
  const rings = custodians
    .slice(1, 3)
    .map((custodian, at) =>
      element('circle', { cx: x, cy: y, r: 7 + at * 2.5, fill: 'none', stroke: drawing.colours.get(custodian) ?? PALE, 'stroke-width': 2 }),
    );
  return titled(
    `${element('circle', { cx: x, cy: y, r: 4.5, ...(isNegated(event) ? HOLLOW : { fill: colour, 'fill-opacity': 0.75 }) })}${rings.join('')}`,
    hintOf(event, drawing),
  );
}

/** Some eight years, or days where it is about days. */
function yearsAt(first: number, span: number, xOf: (at: number) => number, y: number): string {
  const marks = Array.from({ length: 8 }, (_, at) => first + (span * at) / 7);
  const isLong = span > 3 * 366 * 86_400_000;
  return marks
    .map((at) =>
      svgText(xOf(at), y, new Date(at).toISOString().slice(0, isLong ? 4 : 10), { fill: PALE, 'text-anchor': 'middle', 'font-size': 11 }),
    )
    .join('');
}
