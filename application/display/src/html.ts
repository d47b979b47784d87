import { type PageBlock, type LaidOutPage, type PageRow } from './reading/page';

/** No script, no picture, no font and no address: nothing is fetched, and nothing of a document can act. The style stands below, by its kind alone. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
const STYLE = `@page{size:A4;margin:14mm}body{font:10.5pt/1.45 "Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",
"WenQuanYi Zen Hei",system-ui,sans-serif;max-width:190mm;margin:8mm auto;padding:0 4mm;color:#111;background:#fff;overflow-wrap:break-word}
h1{font-size:16pt;margin:0 0 3mm;border-bottom:2px solid #111;padding-bottom:2mm}h2{font-size:12pt;margin:5mm 0 1.5mm}h3{font-size:10.5pt;margin:3mm 0 1mm}
p{margin:0 0 1.5mm;white-space:pre-line}.warning{border:1px solid #8a4b00;border-left-width:5px;background:#fff6e6;padding:1.5mm 3mm;margin:0 0 2mm}
dl{display:grid;grid-template-columns:max-content 1fr max-content 1fr;gap:.6mm 4mm;margin:0 0 3mm}dt{color:#555}dd{margin:0}dl.wide{grid-template-columns:max-content 1fr}
table{border-collapse:collapse;width:100%;margin:0 0 3mm}th{text-align:left;border-bottom:1.5px solid #111;color:#333}th,td{padding:.8mm 2mm;vertical-align:top}
td{border-bottom:1px solid #ddd}td:first-child,td:nth-child(2){overflow-wrap:anywhere}.remark{color:#555}tr{break-inside:avoid}.abnormal td{background:#fff3d6}.abnormal td:nth-child(2),.abnormal td:last-child{font-weight:bold}
.critical td{background:#ffe0dc}.critical td:nth-child(2),.critical td:last-child{font-weight:bold;color:#a30000}
.conclusion{border:1px solid #111;padding:2mm 3mm;margin:0 0 3mm;break-inside:avoid}footer{border-top:1px solid #999;margin-top:6mm;padding-top:1.5mm;color:#555;font-size:8.5pt}`;

/** A page as HTML that stands alone: opened from a disk, printed or sent, it shows the same, and tells nobody that it was opened. */
export function htmlOf(page: LaidOutPage): string {
  const lang = page.language === 'zh' ? 'zh-CN' : 'en';
  const head = [
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="referrer" content="no-referrer">',
    '<meta name="viewport" content="width=device-width">',
    `<title>${escaped(page.title)}</title>`,
    `<style>${STYLE}</style>`,
  ];
  const body = [
    `<h1>${escaped(page.title)}</h1>`,
    ...page.warnings.map((warning) => `<p class="warning" role="note">${escaped(warning)}</p>`),
    ...page.blocks.map(blockHtml),
    `<footer>${page.source.map((line) => `<div>${escaped(line)}</div>`).join('')}</footer>`,
  ];
  return `<!doctype html>\n<html lang="${lang}">\n<head>\n${head.join('\n')}\n</head>\n<body>\n${body.join('\n')}\n</body>\n</html>\n`;
}

function blockHtml(block: PageBlock): string {
  switch (block.kind) {
    case 'heading':
      return `<h${block.level}>${escaped(block.text)}</h${block.level}>`;
    case 'pairs': {
      const isWide = block.pairs.some(([name, value]) => value.length > 60 || name.length > 24);
      const pairs = block.pairs.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`);
      return `<dl${isWide ? ' class="wide"' : ''}>${pairs.join('')}</dl>`;
    }
    case 'table': {
      const columns = block.columns.map((column) => `<th scope="col">${escaped(column)}</th>`);
      return `<table><thead><tr>${columns.join('')}</tr></thead><tbody>${block.rows.map((row) => rowHtml(row, columns.length)).join('\n')}</tbody></table>`;
    }
    case 'text': {
      const paragraphs = block.paragraphs.map((text) => `<p>${escaped(text)}</p>`).join('');
      return `<div${block.isConclusion === true ? ' class="conclusion"' : ''}>${paragraphs}</div>`;
    }
  }
}

function rowHtml({ cells, depth, mark }: PageRow, columns: number): string {
  const indent = depth === 0 ? '' : ` style="padding-left:${2 + depth * 5}mm"`;
  const span = cells.length < columns ? ` class="remark" colspan="${columns}"` : '';
  const content = cells.map((cell, at) => `<td${at === 0 ? `${span}${indent}` : ''}>${escaped(cell)}</td>`);
  return `<tr${mark === undefined ? '' : ` class="${mark}"`}>${content.join('')}</tr>`;
}

const references: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => references[character] ?? '');
}
