import { displayWidth } from './columns';
import { type CommandOutcome, fields, line, outcome, table } from './outcome';
import { type Reader, renderJson, renderView } from './render';

const endless = Number.POSITIVE_INFINITY;

function shown(view: CommandOutcome, { language = 'en', columns = endless, timeZone = 'UTC' }: Partial<Reader> = {}): string {
  return renderView(view, { language, columns, timeZone, style: (text) => text });
}

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
    const lines = shown(
      outcome(
        [],
        table(head, [
          ['心内科医生', 'X1'],
          ['nurse', 'X2'],
          ['张 Wei（主任）', 'X3'],
        ]),
      ),
      { language: 'zh' },
    ).split('\n');
    const columns = ['X1', 'X2', 'X3'].map((mark, index) => columnOf(lines[index + 2], mark));
    expect(new Set(columns)).toEqual(new Set([columnOf(lines[0], '状态')]));
    expect(columns[0]).toBe(displayWidth('张 Wei（主任）') + 2);
  });

  it('says that it is empty instead of printing a bare head', () => {
    expect(shown(outcome([], table(head, [])), { language: 'zh' })).toBe('无\n');
  });

  it('does not let a value steer the terminal', () => {
    const view = shown(outcome([], table(head, [['\u001b[2Jboo\n', 'x\u202ey']])));
    // eslint-disable-next-line no-control-regex -- exactly the control characters are meant
    expect(view.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(view).toContain('boo');
  });

  it('has no trailing spaces', () => {
    const view = shown(
      outcome(
        [],
        table(head, [
          ['a', ''],
          ['bbbbbb', 'c'],
        ]),
      ),
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
    const lines = shown(outcome({}, rows), { language: 'zh' }).trimEnd().split('\n');
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
    ['👩‍⚕️', 2],
    ['สวัสดี', 4],
  ])('of %j is %d', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

/** Every word of the left is a whole word of the right. */
function expectWholeWords(words: readonly string[], text: string): void {
  const found = new Set(text.split(/[\s，。；：、]+/));
  expect(words.filter((word) => !found.has(word))).toEqual([]);
}

describe('in a terminal of 80 columns', () => {
  const hash = 'a1b2c3d4'.repeat(8);
  const sentences: readonly (readonly [string, string])[] = [
    ['English', 'the hospital whose key service releases keys keeps following the blocks of its own peer and of one other member'],
    ['Chinese', '密钥服务所在医院持续跟随本机构节点以及另一成员节点的区块，只有已提交且有效的许可才会释放密钥，否则一律拒绝。'],
    ['both', `见证节点 HospitalBMSP 所述的账本与本机构节点 HospitalAMSP 所述不一致，交易 ${hash} 在区块 1234567 中没有效力`],
    ['a list', 'laboratory-report, imaging-report, clinical-document, prescription, consent-document, audit-document, observation'],
  ];
  const long = sentences.map(([, text]) => text);
  const latin = (text: string): string[] => text.match(/[\w-]+/g) ?? [];

  it.each(sentences)('a line keeps whole words: %s', (_, text) => {
    const view = shown(outcome([], line(text)), { columns: 80, language: 'zh' });
    for (const part of view.split('\n')) expect(displayWidth(part)).toBeLessThanOrEqual(80);
    expect(view.replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
    expectWholeWords(
      latin(text).filter((word) => text.includes(`${word} `)),
      view,
    );
  });

  it.each(sentences)('fields and tables do, too: %s', (_, text) => {
    const block = fields([
      [{ en: 'what a consent needs', zh: '授权须写明' }, text],
      [{ en: 'transaction', zh: '交易号' }, hash],
    ]);
    const rows = table(
      [
        { en: 'name', zh: '名称' },
        { en: 'meaning', zh: '含义' },
        { en: 'hash', zh: '哈希' },
      ],
      [['STALE_KEY', text, hash]],
    );
    const view = shown(outcome([], block, rows), { columns: 80 });
    for (const part of view.split('\n')) expect(displayWidth(part)).toBeLessThanOrEqual(80);
    expect(view.match(new RegExp(hash, 'g'))?.length).toBe(text.includes(hash) ? 4 : 2);
    expect(view).not.toMatch(/ $/m);
  });

  it('a table that fits stays a table; one that does not is a paragraph for each row, with titles before the values', () => {
    const head = [
      { en: 'record', zh: '病历' },
      { en: 'state', zh: '状态' },
      { en: 'hash', zh: '哈希' },
    ];
    const rows = [
      ['rec-1', 'current', hash],
      ['rec-2', 'retracted', undefined],
    ];
    expect(shown(outcome([], table(head, rows)), { columns: 90 }).split('\n')[2]).toBe(`rec-1   current    ${hash}`);
    expect(shown(outcome([], table(head, rows)), { columns: 80 })).toBe(
      `rec-1\n  state: current\n  hash: ${hash}\nrec-2\n  state: retracted\n  hash: -\n`,
    );
  });

  it('a value wider than the line is neither cut nor lost', () => {
    const url = `https://node.example/${'long/'.repeat(20)}end`;
    for (const block of [line(url), fields([[{ en: 'node', zh: '节点' }, url]]), table([{ en: 'node', zh: '节点' }], [[url]])])
      expect(
        shown(outcome([], block), { columns: 80 })
          .split('\n')
          .map((part) => part.trim()),
      ).toContain(url);
  });

  it('nothing is folded where a program reads', () => {
    expect(
      shown(
        outcome(
          [],
          table(
            [{ en: 'a', zh: '甲' }],
            long.map((text) => [text]),
          ),
        ),
      )
        .trimEnd()
        .split('\n'),
    ).toHaveLength(2 + long.length);
  });
});

describe('a moment', () => {
  it.each([
    ['Asia/Shanghai', '2027-06-30T16:00:00.000Z', '2027-07-01 00:00:00 UTC+8'],
    ['America/St_Johns', '2027-06-30T16:00:00.000Z', '2027-06-30 13:30:00 UTC-2:30'],
    ['Asia/Kolkata', '2027-01-01T00:00:01.999Z', '2027-01-01 05:30:01 UTC+5:30'],
    ['Europe/Berlin', '2027-03-28T01:00:00.000Z', '2027-03-28 03:00:00 UTC+2'],
    ['Europe/Berlin', '2027-03-28T00:59:59.000Z', '2027-03-28 01:59:59 UTC+1'],
    ['UTC', '2027-06-30T16:00:00.000Z', '2027-06-30 16:00:00 UTC'],
  ])('is told in %s with its zone: %s', (timeZone, instant, text) => {
    const rows = table([{ en: 'changed', zh: '变更时间' }], [[instant]]);
    expect(shown(outcome([], fields([[{ en: 'changed', zh: '变更时间' }, instant]]), rows), { timeZone }).match(/\d{4}.*/g)).toEqual([
      text,
      text,
    ]);
  });

  it.each(['2027-13-45T00:00:00.000Z', '2027-06-30', 'since 2027-06-30T16:00:00.000Z', '2027-06-30T16:00:00Z'])(
    '%s is told as it is: it is none, or not alone',
    (text) => {
      expect(shown(outcome([], table([{ en: 'a', zh: '甲' }], [[text]])), { timeZone: 'Asia/Shanghai' })).toContain(text);
    },
  );
});
