import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { systemCode, sentenceOf } from '../machine/operator-error';
import { type Sentence } from '../machine/sentence';
import { type Consortium, ConsortiumError, parseConsortium } from './consortium';

/** Reads a consortium.yaml. Throws {@link ConsortiumError} when it cannot be read, is not YAML or does not fit. */
export function loadConsortium(file: string): Consortium {
  return parseConsortium(yamlOf(file, textOf(file)));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConsortiumError(unreadable(file, cause), { cause });
  }
}

function unreadable(file: string, cause: unknown): Sentence {
  switch (systemCode(cause)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return {
        en: `there is no file ${file}; name the consortium's definition with --consortium`,
        zh: `没有文件 ${file}；请用 --consortium 指定联盟定义`,
      };
    case 'EISDIR':
      return { en: `${file} is a folder, not the consortium's definition`, zh: `${file} 是目录，不是联盟定义` };
    default:
      return { en: `${file} cannot be read: ${sentenceOf(cause).en}`, zh: `${file} 无法读取：${sentenceOf(cause).zh}` };
  }
}

function yamlOf(file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new ConsortiumError(
      { en: `${file} cannot be read as YAML: ${sentenceOf(cause).en}`, zh: `${file} 无法作为 YAML 读取：${sentenceOf(cause).zh}` },
      { cause },
    );
  }
}
