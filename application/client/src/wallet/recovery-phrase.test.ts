import fc from 'fast-check';
import { wordlist as traditional } from '@scure/bip39/wordlists/traditional-chinese.js';
import { phraseLanguages, phraseOf, seedOfPhrase } from './recovery-phrase';

/**
 * All vectors of 256 bits of the file that BIP-39 names for its test vectors (github.com/trezor/python-mnemonic, vectors.json at commit
 * f5a975ab, lists "english" and "chinese_simplified"): entropy and words.
 */
const published: readonly (readonly [hex: string, words: string])[] = [
  ['00'.repeat(32), `${'abandon '.repeat(23)}art`],
  ['7f'.repeat(32), `${'legal winner thank year wave sausage worth useful '.repeat(3).trim().split(' ').slice(0, 23).join(' ')} title`],
  [
    '80'.repeat(32),
    `${'letter advice cage absurd amount doctor acoustic avoid '.repeat(3).trim().split(' ').slice(0, 23).join(' ')} bless`,
  ],
  ['ff'.repeat(32), `${'zoo '.repeat(23)}vote`],
  [
    '68a79eaca2324873eacc50cb9c6eca8cc68ea5d936f98787c60c7ebc74e6ce7c',
    'hamster diagram private dutch cause delay private meat slide toddler razor book happy fancy gospel tennis maple dilemma loan word shrug inflict delay length',
  ],
  [
    '9f6a2878b2520799a44ef18bc7df394e7061a224d2c33cd015b157d746869863',
    'panda eyebrow bullet gorilla call smoke muffin taste mesh discover soft ostrich alcohol speed nation flash devote level hobby quick inner drive ghost inside',
  ],
  [
    '066dca1a2bb7e8a1db2832148ce9933eea0f3ac9548d793112d9a95c9407efad',
    'all hour make first leader extend hole alien behind guard gospel lava path output census museum junior mass reopen famous sing advance salt reform',
  ],
  [
    'f585c11aec520db57dd353c69554b21a89b20fb0650966fa0a9d6f74fd989d8f',
    'void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen patrol group space point ten exist slush involve unfold',
  ],
];
const publishedInChinese: readonly string[] = [
  `${'的 '.repeat(23)}性`,
  '枪 疫 霉 尝 俩 闹 饿 贤 枪 疫 霉 尝 俩 闹 饿 贤 枪 疫 霉 尝 俩 闹 饿 搭',
  '壤 对 据 人 三 谈 我 表 壤 对 据 人 三 谈 我 表 壤 对 据 人 三 谈 我 五',
  `${'歇 '.repeat(23)}佳`,
  '宁 照 违 材 交 养 违 野 悉 偷 梅 设 贵 帝 鲜 仰 圈 首 荷 钩 隙 抓 养 熟',
  '仪 未 九 茶 队 梯 妇 孤 托 病 泉 贺 产 绘 吹 测 局 碳 征 墨 晶 帮 息 延',
  '而 怕 夏 客 盖 古 松 面 解 谓 鲜 唯 障 烯 共 吴 永 丁 赤 副 醒 分 猛 埔',
  '柄 需 固 姆 色 斥 霍 握 宾 琴 况 团 抵 经 摸 郭 沙 鸣 拖 妙 阳 辈 掉 迁',
];
const seed = Uint8Array.from(Buffer.from(published[4]?.[0] ?? '', 'hex'));
const english = phraseOf(seed, 'en');
const chinese = phraseOf(seed, 'zh');
const refusalOf = (text: string): unknown => {
  try {
    return seedOfPhrase(text);
  } catch (error) {
    return error;
  }
};

describe('a recovery phrase', () => {
  it.each(published)('of %s is the one that BIP-39 names', (hex, words) => {
    const bytes = Uint8Array.from(Buffer.from(hex, 'hex'));
    expect(phraseOf(bytes, 'en').join(' ')).toBe(words);
    expect(Buffer.from(seedOfPhrase(words)).toString('hex')).toBe(hex);
  });

  it.each(published.map(([hex], index) => [hex, publishedInChinese[index] ?? ''] as const))(
    'of %s is in Chinese the one that is published',
    (hex, words) => {
      expect(phraseOf(Uint8Array.from(Buffer.from(hex, 'hex')), 'zh').join(' ')).toBe(words);
      expect(Buffer.from(seedOfPhrase(words)).toString('hex')).toBe(hex);
    },
  );

  it('brings back the seed it was made of, in either language', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.constantFrom(...phraseLanguages), (bytes, language) => {
        expect(seedOfPhrase(phraseOf(bytes, language).join(' '))).toEqual(Uint8Array.from(bytes));
      }),
      { numRuns: 100, seed: 39 },
    );
  });

  it.each([
    ['in capitals', english.join(' ').toUpperCase()],
    ['on lines, numbered as they stand on paper', english.map((word, index) => `${index + 1}. ${word}`).join('\r\n')],
    ['with tabs, commas and a final line feed', `\t${english.join(',\t')}\n`],
    ['with ideographic and no-break spaces', english.join('\u3000\u00a0')],
    ['in Chinese without spaces', chinese.join('')],
    ['in Chinese with ideographic spaces', chinese.join('\u3000')],
    ['in Chinese, six words a line with commas', chinese.map((word, index) => (index % 6 === 5 ? `${word}\n` : `${word}，`)).join('')],
    ['with a byte order mark', `\ufeff${english.join(' ')}`],
  ])('is read %s', (_how, text) => {
    expect(seedOfPhrase(text)).toEqual(seed);
  });

  it.each([
    ['hamstar', 'hamster'],
    ['hamste', 'hamster'],
    ['hmaster', 'hamster'],
    ['hammster', 'hamster'],
    ['hamsters', 'hamster'],
    ['diagrma', 'diagram'],
    ['privat', 'private'],
  ])('with %s in it is told the place, the word and %s', (typed, meant) => {
    const place = english.indexOf(meant) + 1;
    const words = english.map((word, index) => (index === place - 1 ? typed : word));
    const error = refusalOf(words.join(' '));
    expect(error).toMatchObject({ code: 'PHRASE_INVALID', details: { obstacle: 'word', place, word: typed } });
    expect((error as { details: { nearest: string } }).details.nearest.split(', ')).toContain(meant);
  });
  it.each([
    ['letters', 'q'.repeat(100), 'q'.repeat(32)],
    ['pairs', '𐐨'.repeat(40), '𐐨'.repeat(32)],
    ['a pair at the end of what is told', `${'q'.repeat(31)}${'𐐨'.repeat(9)}`, `${'q'.repeat(31)}𐐨`],
    ['pictures', '😀'.repeat(40), '😀'.repeat(32)],
    ['letters and pairs by turns', 'q𐐨'.repeat(40), 'q𐐨'.repeat(16)],
  ])('with a word that is far too long in it is told its beginning, in whole characters: %s', (_what, typed, told) => {
    const words = english.map((word, index) => (index === 3 ? typed : word));
    expect(refusalOf(words.join(' '))).toMatchObject({ details: { obstacle: 'word', place: 4, word: told } });
  });

  it('with a traditional character in it is told the simplified one', () => {
    const place = chinese.findIndex((word) => !traditional.includes(word)) + 1;
    const index = chineseNumber(chinese[place - 1] ?? '');
    const words = chinese.map((word, at) => (at === place - 1 ? (traditional[index] ?? '') : word));
    expect(refusalOf(words.join(''))).toMatchObject({
      details: { obstacle: 'word', place, word: traditional[index], nearest: chinese[place - 1] },
    });
  });

  it.each([
    ['one word is missing', english.slice(1).join(' '), { obstacle: 'words', words: 23 }],
    ['one word is too many', [...english, 'zoo'].join(' '), { obstacle: 'words', words: 25 }],
    ['there is nothing', '', { obstacle: 'words', words: 0 }],
    ['there are twelve', english.slice(0, 12).join(' '), { obstacle: 'words', words: 12 }],
    ['two words are swapped', [english[1], english[0], ...english.slice(2)].join(' '), { obstacle: 'checksum' }],
    ['another word of the list stands in it', ['zoo', ...english.slice(1)].join(' '), { obstacle: 'checksum' }],
    ['the languages are mixed', [...chinese.slice(0, 23), 'zoo'].join(' '), { obstacle: 'word', place: 24, word: 'zoo', nearest: '' }],
    ['it is a whole file', 'zoo '.repeat(1000), { obstacle: 'text' }],
    ['half a character stands in it', `${english.join(' ')} \ud800`, { obstacle: 'text' }],
  ])('is refused when %s', (_when, text, details) => {
    expect(refusalOf(text)).toMatchObject({ code: 'PHRASE_INVALID', details });
  });

  it('tells nothing of the right words in an error, save the one that is wrong', () => {
    const error = refusalOf([...english.slice(0, 23), 'hamstar'].join(' ')) as Error & { details: object };
    const told = `${String(error.stack)} ${JSON.stringify(error.details)} ${String(error.cause)}`;
    const others = english.filter((word) => word.length > 6 && word !== 'hamster');
    expect(others.length).toBeGreaterThan(3);
    for (const word of others) expect(told).not.toContain(word);
    expect(String((refusalOf(english.slice(1).join(' ')) as Error).stack)).not.toContain(english[3]);
  });
});

/** The number of a Chinese word: that of a phrase whose first word it is. */
function chineseNumber(word: string): number {
  for (let index = 0; index < 2048; index += 1) {
    const bytes = new Uint8Array(32);
    [bytes[0], bytes[1]] = [index >> 3, (index & 7) << 5];
    if (phraseOf(bytes, 'zh')[0] === word) return index;
  }
  throw new Error('not a word of the list');
}
