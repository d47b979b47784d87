import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { fileFaultOf, OperatorError, sentenceOf } from './operator-error';

const folder = scratchDirectory();
/** What a failed call throws. */
function thrown(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

describe('what an error says in Chinese', () => {
  it.each<readonly [string, () => unknown, string]>([
    ['a file that is not there', () => readFileSync(join(folder, 'none')), `文件或目录不存在（ENOENT：${join(folder, 'none')}）`],
    ['a folder for a file', () => readFileSync(folder), '是目录（EISDIR）'],
    [
      'a file for a folder',
      () => (writeFileSync(join(folder, 'file'), ''), readdirSync(join(folder, 'file'))),
      `不是目录（ENOTDIR：${join(folder, 'file')}）`,
    ],
    [
      'a name that is taken',
      () => {
        writeFileSync(join(folder, 'file'), '', { flag: 'wx' });
      },
      `已存在（EEXIST：${join(folder, 'file')}）`,
    ],
  ])('%s', (_what, act, zh) => {
    const error = thrown(act);
    expect(sentenceOf(error)).toEqual({ en: (error as Error).message, zh });
  });

  it('is its own sentence, where it has one', () => {
    expect(sentenceOf(new OperatorError('DISK', { en: 'full', zh: '满了' }))).toEqual({ en: 'full', zh: '满了' });
  });

  it.each([
    new Error('words of another program'),
    Object.assign(new Error('odd'), { code: 'EODD' }),
    'a text',
    Object.assign(new Error('x'), { code: 7 }),
  ])('is what others say, where nobody knows it in Chinese: %s', (error) => {
    const { en, zh } = sentenceOf(error);
    expect(zh).toBe(en);
  });

  it('stands behind what it means for an operator', () => {
    const fault = fileFaultOf(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }));
    expect(fault?.sentence).toEqual({
      en: 'there is no room left on the disk: ENOSPC: no space left on device, write',
      zh: '磁盘空间不足：磁盘空间不足（ENOSPC）',
    });
  });
});
