/** What may not begin a line, and what may not end one (GB/T 15834). */
const NOT_FIRST = new Set('，。、；：？！）》」』】〕〉”’…—·,.;:?!)]}%℃');
const NOT_LAST = new Set('（《「『【〔〈“‘([{');
const FULL_WIDTH = /[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u;

/** Breaks a text into lines that are no wider than they may be: between words, and between Chinese characters where their marks let it. */
export function brokenLines(text: string, width: number, advanceOf: (character: string) => number): readonly string[] {
  return text.split('\n').flatMap((line) => brokenLine(line, width, advanceOf));
}

function brokenLine(text: string, width: number, advanceOf: (character: string) => number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let lineWidth = 0;
  for (const piece of piecesOf(text)) {
    const pieceWidth = widthOf(piece, advanceOf);
    // a blank behind a word may stand outside
    if (lineWidth + widthOf(piece.trimEnd(), advanceOf) <= width) {
      line += piece;
      lineWidth += pieceWidth;
    } else if (pieceWidth <= width) {
      lines.push(line.trimEnd());
      [line, lineWidth] = [piece.trimStart(), widthOf(piece.trimStart(), advanceOf)];
    } else {
      // a word that fits no line is broken where the line ends
      for (const character of piece) {
        const advance = advanceOf(character);
        if (lineWidth + advance > width && line !== '') {
          lines.push(line);
          [line, lineWidth] = ['', 0];
        }
        line += character;
        lineWidth += advance;
      }
    }
  }
  return [...lines, line.trimEnd()];
}

function widthOf(text: string, advanceOf: (character: string) => number): number {
  let width = 0;
  for (const character of text) width += advanceOf(character);
  return width;
}

/** The smallest parts of a text that stay together: a word with the blanks behind it, a Chinese character with its marks. */
function piecesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  let before = '';
  for (const character of text) {
    const isApart =
      before !== '' &&
      !NOT_FIRST.has(character) &&
      !NOT_LAST.has(before) &&
      (FULL_WIDTH.test(character) || FULL_WIDTH.test(before) || (before === ' ' && character !== ' '));
    const last = pieces.pop();
    if (last === undefined) pieces.push(character);
    else if (isApart) pieces.push(last, character);
    else pieces.push(last + character);
    before = character;
  }
  return pieces;
}
