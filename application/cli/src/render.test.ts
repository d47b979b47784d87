import { displayWidth } from './display-width';
import { fields, outcome, table } from './outcome';
import { renderJson, renderView } from './render';

/** The column in which a text begins, in terminal cells. */
function columnOf(lineOfTable: string | undefined, text: string): number {
  const at = lineOfTable?.indexOf(text) ?? -1;
  if (at < 0) throw new Error(`"${text}" is not in "${lineOfTable ?? ''}"`);
  return displayWidth(lineOfTable?.slice(0, at) ?? '');
}

describe('a table', () => {
  const head = [
    { en: 'name', zh: '名称' },
    { en: 'state', zh: '状态' },
  ];

  it('aligns Chinese and Latin cells in the same terminal column', () => {
    const lines = renderView(
      outcome(
        [],
        table(head, [
          ['心内科医生', 'X1'],
          ['nurse', 'X2'],
          ['张 Wei（主任）', 'X3'],
        ]),
      ),
      'zh',
    ).split('\n');
    const columns = ['X1', 'X2', 'X3'].map((mark, index) => columnOf(lines[index + 2], mark));
    expect(new Set(columns)).toEqual(new Set([columnOf(lines[0], '状态')]));
    expect(columns[0]).toBe(displayWidth('张 Wei（主任）') + 2);
  });

  it('says that it is empty instead of printing a bare head', () => {
    expect(renderView(outcome([], table(head, [])), 'zh')).toBe('无\n');
  });

  it('does not let a value steer the terminal', () => {
    const view = renderView(outcome([], table(head, [['\u001b[2Jboo\n', 'x\u202ey']])), 'en');
    // eslint-disable-next-line no-control-regex -- exactly the control characters are meant
    expect(view.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(view).toContain('boo');
  });

  it('has no trailing spaces', () => {
    const view = renderView(
      outcome(
        [],
        table(head, [
          ['a', ''],
          ['bbbbbb', 'c'],
        ]),
      ),
      'en',
    );
    expect(view).not.toMatch(/ $/m);
  });
});

describe('fields', () => {
  it('align their values behind labels of different width and leave out what is absent', () => {
    const rows = fields([
      [{ en: 'code', zh: '代码' }, 'V1'],
      [{ en: 'remedy', zh: '处理办法' }, 'V2'],
      [{ en: 'gone', zh: '没有' }, undefined],
    ]);
    const lines = renderView(outcome({}, rows), 'zh').trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(columnOf(lines[0], 'V1')).toBe(columnOf(lines[1], 'V2'));
  });
});

describe('JSON', () => {
  it('is one line whatever it holds', () => {
    const text = renderJson(outcome({ a: '行\n行', b: [1] }));
    expect(text.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(text)).toEqual({ a: '行\n行', b: [1] });
  });
});

describe('display width', () => {
  it.each([
    ['abc', 3],
    ['病历', 4],
    ['（）', 4],
    ['e\u0301', 1],
    ['a\u200b', 1],
    ['𠮷', 2],
  ])('of %j is %d', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});
