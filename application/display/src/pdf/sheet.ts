import PDFDocument from 'pdfkit';
import { type LaidOutPage } from '../reading/page';
import { brokenLines } from './break-lines';
import { type Weight } from '../fonts';
import { type FontName, Typeface } from './typeface';

const MARGIN = 42;
const FOOT = 34;
/** Nobody prints more; a page that is cut off says so. */
const MOST_SHEETS = 150;
const INK = '#111111';
const PALE = '#555555';

/** How a text is written: size in points. */
export type LineStyle = { readonly size: number; readonly weight: Weight; readonly colour?: string };
/** A text of several lines in its place. */
export type Fitted = { readonly lines: readonly string[]; readonly height: number; readonly style: LineStyle };

/** A4 sheets that are written from the top down. */
export class Sheet {
  readonly typeface = new Typeface();
  readonly width: number;
  readonly #pdf: PDFKit.PDFDocument;
  readonly #named = new Set<FontName>();
  readonly #chunks: Buffer[] = [];
  #y = MARGIN;
  #isFull = false;

  constructor({ title, language }: Pick<LaidOutPage, 'title' | 'language'>, at: Date) {
    const options = { size: 'A4', margin: MARGIN, bufferPages: true, lang: language === 'zh' ? 'zh-CN' : 'en', displayTitle: true };
    // without a first font, pdfkit would load one of its own; `null` is what it asks for, and what its types do not know
    this.#pdf = new PDFDocument({
      ...options,
      font: null as unknown as string,
      info: { Title: title, CreationDate: at, Producer: 'Lianyi' },
    });
    this.#pdf.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
    this.width = this.#pdf.page.width - 2 * MARGIN;
  }

  /** Whether no more is written, because there are sheets enough. */
  get isFull(): boolean {
    return this.#isFull;
  }

  get y(): number {
    return this.#y;
  }

  /** How much of the present sheet is left. */
  get left(): number {
    return this.#pdf.page.height - MARGIN - FOOT - this.#y;
  }

  space(height: number): void {
    this.#y += height;
  }

  nextSheet(): void {
    if (this.#pdf.bufferedPageRange().count >= MOST_SHEETS) {
      this.#isFull = true;
      return;
    }
    this.#pdf.addPage();
    this.#y = MARGIN;
  }

  fit(text: string, width: number, style: LineStyle): Fitted {
    const lines = brokenLines(text, width, (character) => this.typeface.advanceOf(character, style.weight) * style.size);
    return { lines, height: lines.length * lineHeight(style), style };
  }

  /** Writes one line; where it stands is given, and the present place stays. */
  line(text: string, x: number, y: number, style: LineStyle): void {
    let at = MARGIN + x;
    for (const { font, text: run } of this.typeface.runsOf(text, style.weight)) {
      this.#use(font);
      this.#pdf
        .fontSize(style.size)
        .fillColor(style.colour ?? INK)
        .text(run, at, this.#baseline(font, y, style), { lineBreak: false });
      for (const character of run) at += this.typeface.advanceOf(character, style.weight) * style.size;
    }
  }

  /** Writes a text from the present place on, over as many sheets as it takes. */
  text({ lines, style }: Fitted, x = 0): void {
    for (const each of lines) {
      if (this.left < lineHeight(style)) this.nextSheet();
      if (this.#isFull) return;
      this.line(each, x, this.#y, style);
      this.#y += lineHeight(style);
    }
  }

  rule(thickness: number, colour = INK): void {
    const right = MARGIN + this.width;
    this.#pdf.lineWidth(thickness).strokeColor(colour).moveTo(MARGIN, this.#y).lineTo(right, this.#y).stroke();
  }

  fill(y: number, height: number, colour: string): void {
    this.#pdf.rect(MARGIN, y, this.width, height).fillColor(colour).fill();
  }

  /** Writes the foot of every sheet, and ends. */
  async end(foot: (sheet: number, of: number) => string): Promise<Buffer> {
    const { count } = this.#pdf.bufferedPageRange();
    const style: LineStyle = { size: 7.5, weight: 'regular', colour: PALE };
    for (let sheet = 0; sheet < count; sheet += 1) {
      this.#pdf.switchToPage(sheet);
      const [line = ''] = this.fit(foot(sheet + 1, count), this.width, style).lines;
      this.#pdf.page.margins.bottom = 0; // pdfkit would take the foot for a text that needs another sheet
      this.line(line, 0, this.#pdf.page.height - FOOT, style);
    }
    const ended = new Promise<void>((resolve, reject) => {
      this.#pdf.once('end', resolve);
      this.#pdf.once('error', reject);
    });
    this.#pdf.end();
    await ended;
    return Buffer.concat(this.#chunks);
  }

  #use(name: FontName): void {
    if (!this.#named.has(name)) {
      this.#named.add(name);
      // pdfkit takes a font of fontkit as it is, which its types do not say; so each is parsed once for a process
      this.#pdf.registerFont(name, this.typeface.font(name) as unknown as Buffer);
    }
    this.#pdf.font(name);
  }

  /** pdfkit sets a text by its top, which each font has elsewhere: so fonts of one line stand on one line. */
  #baseline(name: FontName, y: number, { size }: LineStyle): number {
    const { ascent, unitsPerEm } = this.typeface.font(name);
    return y + size - (ascent / unitsPerEm) * size;
  }
}

export function lineHeight({ size }: LineStyle): number {
  return size * 1.42;
}
