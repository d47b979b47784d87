import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { OperatorError, systemCode, type Sentence } from '@lianyi/network-model';

function refuse(sentence: Sentence): never {
  throw new OperatorError('UNKNOWN_NAME', sentence);
}

function read(key: string, source: string): Buffer {
  if (source === '-') return readFileSync(0);
  const file = resolve(source);
  // the path is not repeated: it may be the value itself, after an @ too many
  if (!existsSync(file) || statSync(file).isDirectory())
    return refuse({
      en: `there is no file at the path given for the transient value ${key}`,
      zh: `瞬态值 ${key} 所给的路径上没有文件`,
    });
  try {
    return readFileSync(file);
  } catch (error) {
    return refuse({
      en: `the file given for the transient value ${key} cannot be read (${systemCode(error) ?? 'unknown failure'})`,
      zh: `瞬态值 ${key} 所给的文件无法读取（${systemCode(error) ?? '未知错误'}）`,
    });
  }
}

/**
 * Reads `KEY=@FILE` (`@-` is standard input). A value itself is refused: what stands on a command line is seen by every process
 * of the machine and kept in the shell's history.
 * @throws {@link OperatorError} `UNKNOWN_NAME`; the sentence never repeats what was given instead of a file.
 */
export function readTransient(options: readonly string[]): ReadonlyMap<string, Buffer> {
  const values = new Map<string, Buffer>();
  let standardInputOf: string | undefined;
  for (const option of options) {
    const [, key, source] = /^([^=]+)=@(.+)$/s.exec(option) ?? [];
    if (key === undefined || source === undefined)
      return refuse({
        en: 'a transient value is given as KEY=@FILE, or KEY=@- for standard input; never the value itself',
        zh: '瞬态值写作 KEY=@文件，或 KEY=@- 表示标准输入；不要写值本身',
      });
    if (values.has(key)) return refuse({ en: `the transient value ${key} is given twice`, zh: `瞬态值 ${key} 给了两次` });
    if (source === '-' && standardInputOf !== undefined)
      return refuse({
        en: `standard input is the transient value ${standardInputOf} already`,
        zh: `标准输入已用作瞬态值 ${standardInputOf}`,
      });
    if (source === '-') standardInputOf = key;
    values.set(key, read(key, source));
  }
  return values;
}
