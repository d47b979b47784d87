import { PATIENT_SOURCE } from '../facts/fact';
import { isFact, type PatientGraph } from '../nodes';
import { custodiansOf, INNER, MARGIN, type PicturePart, WIDTH } from './drawing';
import { drawNetwork } from './draw-network';
import { drawTimeline } from './draw-timeline';
import { drawTrends } from './draw-trends';
import { ALARM, coloursOf, INK, PALE, RULE } from './palette';
import { type PictureLanguage, pictureWords, whyWords } from './picture-words';
import { clipped, element, svgText } from './svg';

export { type PictureLanguage } from './picture-words';

const FONTS = "'Noto Sans', 'Noto Sans SC', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif";

/**
 * The whole patient on one page of SVG: who knows what, when it was, how values went, and what does not go together. It has no script and leads nowhere
 * outside; where a pointer rests it says which records a thing comes from.
 * @param nameOf - what a member is called; left out: its MSP id
 */
export function pictureOf(
  graph: PatientGraph,
  {
    language,
    nameOf: nameOfMember = (custodian) => custodian,
  }: { readonly language: PictureLanguage; readonly nameOf?: (custodian: string) => string },
): string {
  const colours = coloursOf(graph.nodes.filter(isFact).flatMap(custodiansOf));
  const nameOf = (source: string): string => (source === PATIENT_SOURCE ? pictureWords.patient[language] : nameOfMember(source));
  const context = { language, nameOf, colours };
  const parts = [
    heading(language),
    unreadPart(graph, language),
    titledPart(pictureWords.hospitals[language], drawNetwork(graph, context)),
    titledPart(pictureWords.timeline[language], drawTimeline(graph, context)),
    titledPart(pictureWords.trends[language], drawTrends(graph, context)),
    titledPart(pictureWords.contradictions[language], contradictions(graph, language)),
  ].filter(({ height }) => height > 0);
  let top = MARGIN;
  const placed = parts.map(({ height, content }) => {
    const group = element('g', { transform: `translate(${MARGIN} ${Math.round(top)})` }, content);
    top += height + 24;
    return group;
  });
  const size = { width: WIDTH, height: Math.ceil(top), viewBox: `0 0 ${WIDTH} ${Math.ceil(top)}` };
  const ground = element('rect', { width: WIDTH, height: Math.ceil(top), fill: '#ffffff' });
  const frame = {
    xmlns: 'http://www.w3.org/2000/svg',
    ...size,
    'font-family': FONTS,
    'font-size': 13,
    fill: INK,
    lang: language === 'zh' ? 'zh-CN' : 'en',
  };
  return `${element('svg', frame, `${ground}${placed.join('\n')}`)}\n`;
}

function heading(language: PictureLanguage): PicturePart {
  const title = svgText(0, 22, pictureWords.title[language], { 'font-size': 24, 'font-weight': 600 });
  return { height: 48, content: `${title}${svgText(0, 44, pictureWords.only[language], { fill: PALE })}` };
}

const MOST_UNREAD = 10;

/** How many things of which document are not here, before anything that is. */
function unreadPart({ unread }: PatientGraph, language: PictureLanguage): PicturePart {
  const counts = new Map<string, number>();
  for (const { recordId } of unread) counts.set(recordId, (counts.get(recordId) ?? 0) + 1);
  const lines = [...counts].slice(0, MOST_UNREAD).map(([recordId, count]) => `${count} ${pictureWords.unread[language]} ${recordId}`);
  const left = counts.size - lines.length;
  const all = left > 0 ? [...lines, `+ ${left} ${pictureWords.more[language]}`] : lines;
  return { height: all.length * 20, content: all.map((text, at) => svgText(0, 16 + at * 20, text, { fill: ALARM })).join('') };
}

/** Nothing, if there is nothing to show. */
function titledPart(title: string, { height, content }: PicturePart): PicturePart {
  if (height === 0) return { height: 0, content: '' };
  const head = `${svgText(0, 16, title, { 'font-size': 17, 'font-weight': 600 })}${element('line', { x1: 0, y1: 24, x2: INNER, y2: 24, stroke: RULE })}`;
  return { height: height + 36, content: `${head}${element('g', { transform: 'translate(0 36)' }, content)}` };
}

const MOST_CONTRADICTIONS = 30;
const SOME_OF_EACH = 4;

/** The gravest, and at least some of each kind: many of one keep none of another from being seen. */
function someOfEach(found: PatientGraph['contradictions']): PatientGraph['contradictions'] {
  const ofKind = new Map<string, number>();
  const some = new Set(
    found.filter(({ why }) => {
      const before = ofKind.get(why) ?? 0;
      ofKind.set(why, before + 1);
      return before < SOME_OF_EACH;
    }),
  );
  for (const each of found) if (some.size < MOST_CONTRADICTIONS) some.add(each);
  return found.filter((each) => some.has(each));
}

function contradictions({ contradictions: found, nodes }: PatientGraph, language: PictureLanguage): PicturePart {
  const labelOf = new Map(nodes.map(({ id, label }) => [id, label]));
  const shown = someOfEach(found);
  const lines = shown.map(({ why, nodes: between }, at) => {
    const what = [...new Set(between.map((id) => labelOf.get(id) ?? ''))].join(' / ');
    return svgText(0, 16 + at * 20, clipped(`${whyWords[why][language]}: ${what}`, 150), { fill: ALARM });
  });
  const left = found.filter((each) => !shown.includes(each));
  const counts = [...new Set(left.map(({ why }) => why))].map(
    (why) => `${left.filter((each) => each.why === why).length} × ${whyWords[why][language]}`,
  );
  const more = counts.map((count, at) => svgText(0, 16 + (lines.length + at) * 20, `+ ${count}`, { fill: PALE }));
  const all = [...lines, ...more];
  return { height: all.length * 20, content: all.join('') };
}
