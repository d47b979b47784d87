import { type PageBlock, type LaidOutPage } from './reading/page';

/** A page as plain text, for whoever compares pages: what it holds and in which order, whatever it is written as. */
export function printed({ title, warnings, blocks, conclusion, source }: LaidOutPage): string {
  const lines = [
    `# ${title}`,
    ...warnings.map((text) => `! ${text}`),
    ...blocks.flatMap(printedBlock),
    ...conclusion.map((text) => `=> ${text}`),
    ...source.map((text) => `-- ${text}`),
  ];
  return `${lines.join('\n')}\n`;
}

function printedBlock(block: PageBlock): readonly string[] {
  switch (block.kind) {
    case 'heading':
      return [`${'#'.repeat(block.level)} ${block.text}`];
    case 'pairs':
      return block.pairs.map(([name, value]) => `${name}: ${value}`);
    case 'table':
      return [block.columns, ...block.rows].map((row) => {
        if (!('cells' in row)) return `| ${row.join(' | ')}`;
        return `| ${'> '.repeat(row.depth)}${row.cells.join(' | ')}${row.mark === undefined ? '' : ` {${row.mark}}`}`;
      });
    case 'text':
      return block.paragraphs.map((text) => (block.isConclusion === true ? `[${text}]` : text));
  }
}
