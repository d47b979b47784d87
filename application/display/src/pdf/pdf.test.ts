import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PageBlock, type LaidOutPage, layOut, readForDisplay } from '../index';
import { brokenLines } from './break-lines';
import { pdfOf } from './index';

const AT = new Date('2026-01-02T03:04:05Z');
const pageOfSample = (file: string, language: 'en' | 'zh'): LaidOutPage => {
  const document = readForDisplay(readFileSync(join(__dirname, file)));
  return layOut(document.resource, { ...document, language, source: ['record-1 2'] });
};
const textPage = (...paragraphs: readonly string[]): LaidOutPage => ({
  ...{ language: 'en', title: 't', warnings: [], conclusion: [], source: [] },
  blocks: [{ kind: 'text', paragraphs }],
});
const textsOf = (block: PageBlock): readonly string[] => {
  if (block.kind === 'table') return [...block.columns, ...block.rows.flatMap((row) => row.cells)];
  if (block.kind === 'pairs') return block.pairs.flat();
  return block.kind === 'text' ? block.paragraphs : [block.text];
};
const sheetsOf = (pdf: Buffer): number => pdf.toString('latin1').match(/\/Type \/Page\b(?!s)/g)?.length ?? 0;

describe('lines are broken', () => {
  const broken = (text: string, width: number): readonly string[] => brokenLines(text, width, () => 1);
  it.each<[string, string, number, readonly string[]]>([
    ['between words', 'one two three', 7, ['one two', 'three']],
    ['between Chinese characters', '血培养检出金黄色', 3, ['血培养', '检出金', '黄色']],
    ['never before what ends a sentence', '检出金黄色。好', 5, ['检出金黄', '色。好']],
    ['never behind what opens a bracket', '检出（金黄）', 3, ['检出', '（金', '黄）']],
    ['within a word that fits no line', 'abcdefgh', 3, ['abc', 'def', 'gh']],
    ['where the text breaks', 'a\n\nb', 5, ['a', '', 'b']],
    ['not at all if there is nothing', '', 5, ['']],
  ])('%s', (_where, text, width, expected) => {
    expect(broken(text, width)).toEqual(expected);
  });

  it('and hold all of the text', () => {
    const text = '金黄色葡萄球菌 Staphylococcus aureus（MRSA），>=4 μg/mL。';
    expect(broken(text, 7).join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
  });
});

describe('a PDF', () => {
  it('is A4, says its title and language, and embeds its fonts', async () => {
    const pdf = await pdfOf(pageOfSample('../samples/allergy-zh.json', 'zh'), AT);
    const text = pdf.toString('latin1');
    expect(text).toContain('/MediaBox [0 0 595.28 841.89]');
    expect(text).toContain('/Lang (zh-CN)');
    expect(text).toMatch(/\/FontFile3/);
    expect(text).not.toMatch(/\/JavaScript|\/URI|\/Launch|\/EmbeddedFile|\/OpenAction/);
    expect(pdf.length).toBeLessThan(300_000);
  });

  it('goes over as many sheets as it takes, and not over more than are bound', async () => {
    expect(sheetsOf(await pdfOf(textPage(...Array.from({ length: 200 }, (_each, at) => `line ${at}`)), AT))).toBe(5);
    const endless = await pdfOf(textPage(...Array.from({ length: 20_000 }, (_each, at) => `line ${at}`)), AT);
    expect(sheetsOf(endless)).toBe(150);
  });

  const reads = spawnSync('pdftotext', ['-v']).error === undefined;
  const whenRead = reads ? it : it.skip;
  const plainText = (pdf: Buffer): string => {
    const folder = mkdtempSync(join(tmpdir(), 'page-'));
    try {
      writeFileSync(join(folder, 'page.pdf'), pdf);
      return execFileSync('pdftotext', ['-raw', join(folder, 'page.pdf'), '-'], { encoding: 'utf8' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  whenRead(`gives each value, unit and Chinese name back${reads ? '' : ': skipped, there is no pdftotext'}`, async () => {
    const files = globSync('../samples/{,real/}*.json', { cwd: __dirname }).sort();
    expect(files.length).toBeGreaterThanOrEqual(20);
    const lost: string[] = [];
    for (const file of files) {
      const page = pageOfSample(file, file.endsWith('-en.json') ? 'en' : 'zh');
      const text = plainText(await pdfOf(page, AT)).replace(/\s+/g, '');
      const parts = page.blocks.flatMap(textsOf).flatMap((each) => each.split(/\s+/));
      expect(parts.length).toBeGreaterThan(3);
      lost.push(...parts.filter((part) => !text.includes(part)).map((part) => `${file}: ${part}`));
    }
    expect(lost).toEqual([]);
  });

  whenRead(`names what its fonts lack${reads ? '' : ': skipped, there is no pdftotext'}`, async () => {
    const text = plainText(await pdfOf(textPage('Łukasz Černý 10⁹/L K⁺ ≥ ℃ μ 龘 𠮷 한'), AT));
    expect(text).toContain('Łukasz Černý 10⁹/L K⁺ ≥ ℃ μ 龘 〓 〓');
    expect(text).toContain('U+20BB7 U+D55C');
  });
});
