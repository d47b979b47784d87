import { type Json } from '@lianyi/domain';
import { isObject } from '@lianyi/documents/json-object';
import { cleanText } from './clean-text';

/** Longer narratives are cut: reading one must not take longer than its document. */
const MOST_CHARACTERS = 200_000;
const BREAKS = new Set('p div li tr br h1 h2 h3 h4 h5 h6 table ul ol dl dt dd thead tbody blockquote pre caption hr'.split(' '));
const SILENT = new Set(['script', 'style', 'head', 'title']);

/**
 * The words of a narrative: its markup is dropped, so nothing of it can act on whoever reads the page. Lines follow its blocks, cells are parted.
 *
 * One pass from the front; what is no markup is a word.
 */
export function narrativeText(narrative: Json | undefined): readonly string[] {
  const div = isObject(narrative) ? narrative['div'] : undefined;
  return typeof div === 'string' ? linesOfMarkup(div) : [];
}

/** As {@link narrativeText}, of any HTML or XHTML. */
export function linesOfMarkup(markup: string): readonly string[] {
  const text = markup.slice(0, MOST_CHARACTERS);
  const lines: string[] = [];
  let line = '';
  let silent: string | undefined;
  for (const piece of piecesOf(text)) {
    if (piece.tag === undefined) {
      if (silent === undefined) line += decoded(piece.text).replace(/\s+/g, ' ');
      continue;
    }
    silent = silent === undefined ? silenceAt(piece) : piece.isEnd && piece.tag === silent ? undefined : silent;
    if (['td', 'th'].includes(piece.tag) && piece.isEnd) line += '  ';
    if (!BREAKS.has(piece.tag)) continue;
    lines.push(line);
    line = '';
  }
  lines.push(line);
  const kept = lines.map((each) => cleanText(each).trim()).filter((each) => each !== '');
  return markup.length > MOST_CHARACTERS ? [...kept, '…'] : kept;
}

type Piece =
  { readonly text: string; readonly tag?: undefined } | { readonly tag: string; readonly isEnd: boolean; readonly isEmpty: boolean };

function silenceAt({ tag, isEnd, isEmpty }: Exclude<Piece, { tag?: undefined }>): string | undefined {
  return SILENT.has(tag) && !isEnd && !isEmpty ? tag : undefined;
}

/** Tags and what is between them. A `<` that begins no tag is a character. */
function* piecesOf(markup: string): Generator<Piece> {
  for (let at = 0; at < markup.length;) {
    const open = markup.indexOf('<', at);
    if (open < 0) {
      yield { text: markup.slice(at) };
      return;
    }
    if (open > at) yield { text: markup.slice(at, open) };
    const isComment = markup.startsWith('<!--', open);
    const close = isComment ? markup.indexOf('-->', open + 4) : markup.indexOf('>', open + 1);
    const tag = /^<(\/?)([A-Za-z][A-Za-z0-9]*)/.exec(markup.slice(open, open + 20));
    if (close < 0 || (tag === null && !isComment && !/^<[!?]/.test(markup.slice(open, open + 2)))) {
      yield { text: '<' };
      at = open + 1;
      continue;
    }
    if (tag !== null) yield { tag: String(tag[2]).toLowerCase(), isEnd: tag[1] === '/', isEmpty: markup[close - 1] === '/' };
    at = close + (isComment ? 3 : 1);
  }
}

const entities: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', middot: '·', times: '×', deg: '°', plusmn: '±', micro: 'µ' },
    ...{
      ndash: '–',
      mdash: '—',
      hellip: '…',
      le: '≤',
      ge: '≥',
      rarr: '→',
      larr: '←',
      uarr: '↑',
      darr: '↓',
      sup2: '²',
      sup3: '³',
      copy: '©',
    },
  }),
);

function decoded(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#[0-9]{1,7}|[a-z0-9]{2,8});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return entities.get(name) ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
