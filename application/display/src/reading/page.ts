/** The languages in which a page can be written; what the document says stays in its own. */
export type PageLanguage = 'en' | 'zh';
export type PageText = { readonly en: string; readonly zh: string };

/** How a result stands out. */
export type Mark = 'critical' | 'abnormal';

/** A line of a table, or a remark about the line above, which is one cell over all columns; `depth` says below how many others it stands, as the organisms of a culture and their resistances do. */
export type PageRow = { readonly cells: readonly string[]; readonly depth: number; readonly mark?: Mark };
/** A name and what is said of it. */
export type Pair = readonly [name: string, value: string];

/** A piece of a page, in the order in which it is read. */
export type PageBlock =
  | { readonly kind: 'heading'; readonly text: string; readonly level: 1 | 2 | 3 }
  | { readonly kind: 'pairs'; readonly pairs: readonly Pair[] }
  /** `widths`: of the columns, as parts of the sheet; left out: alike. */
  | { readonly kind: 'table'; readonly columns: readonly string[]; readonly rows: readonly PageRow[]; readonly widths?: readonly number[] }
  | { readonly kind: 'text'; readonly paragraphs: readonly string[]; readonly isConclusion?: true };

/** A document as it is read, before it is written in any format: HTML and PDF hold this and nothing else. */
export type LaidOutPage = {
  readonly language: PageLanguage;
  readonly title: string;
  /** What must be known before anything else: that it was retracted, is preliminary, or is cut off. */
  readonly warnings: readonly string[];
  readonly blocks: readonly PageBlock[];
  /** What it comes to, by itself; empty: it does not say. */
  readonly conclusion: readonly string[];
  /** Which record it is of, for the foot of each sheet. */
  readonly source: readonly string[];
};
