import { type FactKind, factKinds } from '../facts/fact';
import { type ConceptNode, type FactNode, isFact, isNegated, type PatientGraph } from '../nodes';
import { custodiansOf, type Drawing, type PicturePart } from './drawing';
import { ALARM, PALE } from './palette';
import { kindWords, pictureWords } from './picture-words';
import { clipped, element, svgText, titled } from './svg';

/** Text is read over the lines that pass behind it. */
const HALO = { 'paint-order': 'stroke', stroke: '#ffffff', 'stroke-width': 4, 'stroke-linejoin': 'round' };
const ROW = 20;
const MOST_OF_KIND = 12;
const COLUMNS = [300, 590, 880];
const COLUMN_WIDTH = 250;
/** Told of one by one elsewhere, and too many to be of use here. */
const SHOWN: readonly FactKind[] = factKinds.filter((kind) => kind !== 'encounter' && kind !== 'report');

interface Row {
  readonly label: string;
  readonly facts: readonly FactNode[];
  readonly isContradicted: boolean;
}
interface Placed extends Row {
  readonly x: number;
  readonly y: number;
}

/** Hospitals at the left; what they know of at the right, by kind; a line where a hospital has said it. */
export function drawNetwork(graph: PatientGraph, drawing: Drawing): PicturePart {
  const rows = new Map(SHOWN.map((kind) => [kind, rowsOf(graph, kind)] as const));
  const { placed, heads, height } = placeRows(rows, drawing);
  const hospitals = [...drawing.colours.keys()];
  if (placed.length === 0) return { height: 0, content: '' };
  const whole = Math.max(height, hospitals.length * 60);
  const yOf = new Map(hospitals.map((custodian, at) => [custodian, ((at + 0.5) * whole) / hospitals.length]));
  const lines = placed.flatMap(({ facts, x, y }) =>
    [...new Set(facts.flatMap(custodiansOf))].map((custodian) => {
      const from = yOf.get(custodian) ?? 0;
      const path = `M 170 ${from} C 230 ${from} ${x - 70} ${y} ${x - 8} ${y}`;
      return element('path', { d: path, fill: 'none', stroke: drawing.colours.get(custodian) ?? PALE, 'stroke-width': 1.2, opacity: 0.45 });
    }),
  );
  const names = hospitals.map((custodian) => hospitalAt(yOf.get(custodian) ?? 0, custodian, drawing));
  return { height: whole, content: [...lines, ...names, ...heads, ...placed.map((row) => rowAt(row, drawing))].join('\n') };
}

function rowsOf({ nodes, edges, contradictions }: PatientGraph, kind: FactKind): readonly Row[] {
  const contradicted = new Set(contradictions.flatMap((each) => each.nodes));
  const facts = new Map(
    nodes
      .filter(isFact)
      .filter((node) => node.kind === kind)
      .map((node) => [node.id, node]),
  );
  const concepts = new Map(nodes.filter((node): node is ConceptNode => node.kind === 'concept').map((node) => [node.id, node.label]));
  const of = new Map<string, FactNode[]>();
  for (const { from, to, kind: relation } of edges) {
    const fact = facts.get(from);
    if (relation === 'is' && fact !== undefined) of.set(to, [...(of.get(to) ?? []), fact]);
  }
  const told = [...of].map(([concept, its]) => ({ label: concepts.get(concept) ?? '', facts: its }));
  const coded = new Set(told.flatMap((row) => row.facts));
  const inWords = [...facts.values()]
    .filter((fact) => !coded.has(fact) && fact.label !== '')
    .map((fact) => ({ label: fact.label, facts: [fact] }));
  return [...told, ...inWords]
    .map((row) => ({ ...row, isContradicted: row.facts.some(({ id }) => contradicted.has(id)) }))
    .sort((one, other) => Number(other.isContradicted) - Number(one.isContradicted) || other.facts.length - one.facts.length);
}

/** Kinds one below the other, in the column that is shortest. */
function placeRows(
  rows: ReadonlyMap<FactKind, readonly Row[]>,
  { language }: Drawing,
): { readonly placed: readonly Placed[]; readonly heads: readonly string[]; readonly height: number } {
  const ends = COLUMNS.map(() => 0);
  const placed: Placed[] = [];
  const heads: string[] = [];
  for (const [kind, of] of rows) {
    if (of.length === 0) continue;
    const column = ends.indexOf(Math.min(...ends));
    const [x, top] = [COLUMNS[column] ?? 0, ends[column] ?? 0];
    heads.push(svgText(x - 8, top + 14, kindWords[kind][language], { ...HALO, 'font-weight': 600 }));
    const shown = of.slice(0, MOST_OF_KIND);
    placed.push(...shown.map((row, at) => ({ ...row, x, y: top + 28 + at * ROW })));
    const left = of.length - shown.length;
    if (left > 0) heads.push(svgText(x, top + 32 + shown.length * ROW, `+ ${left} ${pictureWords.more[language]}`, { fill: PALE }));
    ends[column] = top + 28 + (shown.length + (left > 0 ? 1 : 0)) * ROW + 16;
  }
  return { placed, heads, height: Math.max(...ends) };
}

function hospitalAt(y: number, custodian: string, { colours, nameOf }: Drawing): string {
  const box = element('rect', { x: 0, y: y - 18, width: 170, height: 36, rx: 6, fill: colours.get(custodian) ?? PALE });
  return titled(`${box}${svgText(85, y + 5, clipped(nameOf(custodian), 22), { fill: '#ffffff', 'text-anchor': 'middle' })}`, custodian);
}

function rowAt({ label: said, facts, isContradicted, x, y }: Placed, { language }: Drawing): string {
  const label = facts.every(isNegated) ? `${pictureWords.negated[language]}: ${said}` : said;
  const many = facts.length > 1 ? ` × ${facts.length}` : '';
  const dot = element('circle', { cx: x - 4, cy: y, r: 4, fill: isContradicted ? ALARM : '#444444' });
  const name = svgText(
    x + 6,
    y + 4,
    `${clipped(label, Math.floor(COLUMN_WIDTH / 7.2) - many.length)}${many}`,
    isContradicted ? { fill: ALARM } : {},
  );
  const records = [...new Set(facts.flatMap(({ sayings }) => sayings.map(({ place }) => `${place.custodian}: ${place.recordId}`)))];
  return titled(`${dot}${name}`, [label, ...records.slice(0, 20)].join('\n'));
}
