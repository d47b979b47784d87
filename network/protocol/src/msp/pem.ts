/** One block of a PEM text. Its header lines say nothing that an MSP asks for, and are passed over. */
export interface PemBlock {
  readonly label: string;
  readonly content: Buffer<ArrayBuffer>;
}

const BEGIN = '-----BEGIN ';
const END = '\n-----END ';
const DASHES = '-----';

/**
 * The first block of a text, as Go's pem.Decode finds it: under any label, with any header lines, its base64 strict; a block that is
 * none is passed over. `undefined` if there is no block.
 *
 * What a peer finds in a text, this must find: a certificate or a revocation list that is read otherwise here names somebody else.
 * @remarks Source: Go encoding/pem/pem.go Decode; answers of real peers: test/src/conformance/cases/certificate-text.ts.
 */
export function decodePem(text: string): PemBlock | undefined {
  for (let from = 0; ;) {
    const end = text.indexOf(END, from);
    if (end < 0) return undefined;
    const trailer = end + END.length;
    // the last BEGIN before the END: those before it have no END of their own
    const before = text.slice(from, end).lastIndexOf(BEGIN);
    const begin = from + before;
    if (before === 0 || (before > 0 && text[begin - 1] === '\n')) {
      const block = blockIn(text, begin + BEGIN.length, end);
      if (typeof block === 'object') return block;
      if (block === 'none further') return undefined;
    }
    from = trailer;
  }
}

function blockIn(text: string, begin: number, end: number): PemBlock | 'none here' | 'none further' {
  const trailer = end + END.length;
  const first = lineAt(text, begin);
  if (!first.line.endsWith(DASHES)) return 'none here';
  const label = first.line.slice(0, -DASHES.length);
  const body = behindHeaders(text, first.next);
  if (body === undefined || body > trailer) return 'none further';
  const hasHeaders = body > first.next;
  const closing = `${label}${DASHES}`;
  if ((hasHeaders && body > end) || !text.startsWith(closing, trailer)) return 'none here';
  if (lineAt(text, trailer + closing.length).line !== '') return 'none here';
  const content = decodeBase64(body < end ? text.slice(body, end) : '');
  return content === undefined ? 'none here' : { label, content };
}

/** Where the first line without a colon begins; `undefined` if the text ends before. */
function behindHeaders(text: string, from: number): number | undefined {
  for (let at = from; at < text.length;) {
    const { line, next } = lineAt(text, at);
    if (!line.includes(':')) return at;
    at = next;
  }
  return undefined;
}

/** A line without its end and the blanks before that. */
function lineAt(text: string, from: number): { readonly line: string; readonly next: number } {
  const newline = text.indexOf('\n', from);
  const next = newline < 0 ? text.length : newline + 1;
  let end = newline < 0 ? text.length : newline;
  if (newline > from && text[newline - 1] === '\r') end -= 1;
  while (end > from && (text[end - 1] === ' ' || text[end - 1] === '\t')) end -= 1;
  return { line: text.slice(from, end), next };
}

/** @remarks Source: Go encoding/base64 StdEncoding, which passes over the ends of lines and nothing else. */
function decodeBase64(text: string): Buffer<ArrayBuffer> | undefined {
  const letters = text.replace(/[ \t\r\n]/g, '');
  return letters.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(letters) ? Buffer.from(letters, 'base64') : undefined;
}
