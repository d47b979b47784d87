const BEGIN = '-----BEGIN ';
const END = '\n-----END ';
const DASHES = '-----';
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * The bytes of the first PEM block of a text, whatever its label is; undefined if there is none.
 *
 * A block that does not end as it began, or whose base64 cannot be decoded, is passed over and the next one taken: who forgives more than a
 * peer takes another certificate for the one that the peer has verified.
 * @remarks Source: Go encoding/pem/pem.go Decode; answers of real peers: test/src/conformance/cases/certificate-text.ts.
 */
export function firstPemBlock(text: string): Buffer<ArrayBuffer> | undefined {
  let from = 0;
  for (;;) {
    const end = text.indexOf(END, from);
    if (end < 0) return undefined;
    const found = blockUpTo(text, from, end);
    if (found === 'nothing more') return undefined;
    if (found !== undefined) return found;
    from = end + END.length;
  }
}

/** The block that ends there; undefined: go on behind its end. */
function blockUpTo(text: string, from: number, end: number): Buffer<ArrayBuffer> | 'nothing more' | undefined {
  const begin = text.slice(from, end).lastIndexOf(BEGIN) + from;
  if (begin < from || (begin > from && text[begin - 1] !== '\n')) return undefined;
  const first = lineAt(text, begin + BEGIN.length);
  if (!first.line.endsWith(DASHES)) return undefined;
  const content = behindHeaders(text, first.next);
  if (content === undefined) return 'nothing more';
  if (content > first.next && end < content) return end + END.length < content ? 'nothing more' : undefined;
  return endsWith(text, end + END.length, first.line) ? decoded(text.slice(content, Math.max(content, end))) : undefined;
}

/** Where the lines end that hold a colon; undefined: nowhere. */
function behindHeaders(text: string, from: number): number | undefined {
  let at = from;
  while (at < text.length) {
    const { line, next } = lineAt(text, at);
    if (!line.includes(':')) return at;
    at = next;
  }
  return undefined;
}

/** Whether the last line has the label of the first one, and nothing behind it but blanks. */
function endsWith(text: string, from: number, labelAndDashes: string): boolean {
  return text.startsWith(labelAndDashes, from) && lineAt(text, from + labelAndDashes.length).line === '';
}

/** A line without its end and the blanks before that; a carriage return before a newline belongs to the end. */
function lineAt(text: string, from: number): { readonly line: string; readonly next: number } {
  const newline = text.indexOf('\n', from);
  const end = newline < 0 ? text.length : newline;
  let to = newline > from && text[newline - 1] === '\r' ? end - 1 : end;
  while (to > from && (text[to - 1] === ' ' || text[to - 1] === '\t')) to -= 1;
  return { line: text.slice(from, to), next: newline < 0 ? text.length : newline + 1 };
}

/** As Go's `base64.StdEncoding`: filled up, and nothing foreign; stray bits in the last digit pass. */
function decoded(lines: string): Buffer<ArrayBuffer> | undefined {
  const base64 = lines.replaceAll(/[ \t\r\n]/g, '');
  return base64.length % 4 === 0 && BASE64.test(base64) ? Buffer.from(base64, 'base64') : undefined;
}
