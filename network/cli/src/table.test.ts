import { columnsOf, TERMINAL_COLUMNS } from './columns';
import { type HelpLanguage } from './language';
import { type Column, printTable } from './table';

interface Row {
  readonly name: string;
  readonly path: string;
}
const columns: readonly Column<Row>[] = [
  { title: { en: 'NAME', zh: '名称' }, value: ({ name }) => name },
  { title: { en: 'PATH', zh: '路径' }, value: ({ path }) => path },
];

function printed(rows: readonly Row[], language: HelpLanguage = 'en'): readonly string[] {
  const lines: string[] = [];
  printTable(rows, columns, { output: { out: (line) => lines.push(...line.split('\n')), err: () => undefined }, language });
  return lines;
}

describe('a table', () => {
  it('has titles, and columns as wide as the widest in them', () => {
    expect(printed([{ name: 'a', path: '/x' }])).toEqual(['NAME  PATH', 'a     /x']);
    expect(printed([{ name: '医院甲', path: '/x' }], 'zh')).toEqual(['名称    路径', '医院甲  /x']);
    expect(printed([{ name: 'é́\u{1F468}‍⚕️', path: '/x' }]).every((line) => columnsOf(line) <= TERMINAL_COLUMNS)).toBe(true);
  });

  it('is a paragraph for each row where it would be wider than a terminal, and cuts no value', () => {
    const path = `/home/${'long/'.repeat(20)}end`;
    expect(printed([{ name: 'peer0', path }])).toEqual(['peer0', '  PATH:', `    ${path}`]);
    const words = 'words '.repeat(30).trim();
    const lines = printed([{ name: 'peer0', path: words }]);
    expect(lines.every((line) => columnsOf(line) <= TERMINAL_COLUMNS)).toBe(true);
    expect(lines.join(' ').replaceAll(/\s+/g, ' ')).toBe(`peer0 PATH: ${words}`);
  });

  it('prints nothing of no rows', () => {
    expect(printed([])).toEqual([]);
  });
});
